// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/acqrel: the file operations around the reader.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

#include "device.h"
#include "reader.h"

static int acqrel_device_open(struct inode *inode, struct file *file)
{
	acqrel_reader_open();
	return stream_open(inode, file);
}

static int acqrel_device_release(struct inode *inode, struct file *file)
{
	acqrel_reader_close();
	return 0;
}

static ssize_t acqrel_device_read(struct file *file, char __user *buf,
				  size_t len, loff_t *pos)
{
	return acqrel_reader_read(buf, len, !(file->f_flags & O_NONBLOCK));
}

static const struct file_operations acqrel_device_fops = {
	.owner = THIS_MODULE,
	.open = acqrel_device_open,
	.release = acqrel_device_release,
	.read = acqrel_device_read,
	.poll = acqrel_reader_poll,
};

static struct miscdevice acqrel_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "acqrel",
	.mode = 0600,
	.fops = &acqrel_device_fops,
};

/**
 * acqrel_device_init() - make /dev/acqrel appear
 *
 * Return: 0 or the error of misc_register().
 */
int acqrel_device_init(void)
{
	return misc_register(&acqrel_device);
}

/**
 * acqrel_device_exit() - make it disappear
 *
 * Context: nobody has it open, for an open file holds the module.
 */
void acqrel_device_exit(void)
{
	misc_deregister(&acqrel_device);
}
