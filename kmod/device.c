// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/acqrel: the file operations. An open file drains events, unless it was
 * made a recorder or a replay, and then it stays one.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/acqrel_trace.h>

#include "device.h"
#include "reader.h"
#include "record.h"
#include "replay.h"

enum acqrel_mode {
	ACQREL_MODE_DRAIN,
	ACQREL_MODE_RECORD,
	ACQREL_MODE_REPLAY,
};

/**
 * struct acqrel_file - an open file
 * @lock: for whoever changes the mode
 * @mode: what it is; changes once at most
 * @recorder: of a recorder
 * @player: of a replay
 *
 * Edges:
 *
 *	device.mode	recorder or player stored, store-release of mode ->
 *			load-acquire of mode, recorder or player
 */
struct acqrel_file {
	struct mutex lock;	/* see above */
	enum acqrel_mode mode;
	union {
		struct acqrel_recorder *recorder;
		struct acqrel_player *player;
	};
};

static enum acqrel_mode acqrel_file_mode(const struct acqrel_file *f)
{
	/* pairs with the release in acqrel_file_become(): device.mode */
	return smp_load_acquire(&f->mode);
}

static void acqrel_file_become(struct acqrel_file *f, enum acqrel_mode mode)
{
	/* pairs with the acquire in acqrel_file_mode(): device.mode */
	smp_store_release(&f->mode, mode);
}

static int acqrel_device_open(struct inode *inode, struct file *file)
{
	struct acqrel_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);
	int err;

	if (!f)
		return -ENOMEM;
	mutex_init(&f->lock);
	err = acqrel_reader_open();
	if (err) {
		kfree(f);
		return err;
	}
	file->private_data = f;
	return stream_open(inode, file);
}

static int acqrel_device_release(struct inode *inode, struct file *file)
{
	struct acqrel_file *f = file->private_data;

	if (f->mode == ACQREL_MODE_RECORD)
		acqrel_recorder_free(f->recorder);
	else if (f->mode == ACQREL_MODE_REPLAY)
		acqrel_player_free(f->player);
	acqrel_reader_close();
	kfree(f);
	return 0;
}

static ssize_t acqrel_device_read(struct file *file, char __user *buf,
				  size_t len, loff_t *pos)
{
	struct acqrel_file *f = file->private_data;
	bool block = !(file->f_flags & O_NONBLOCK);

	switch (acqrel_file_mode(f)) {
	case ACQREL_MODE_RECORD:
		return acqrel_recorder_read(f->recorder, buf, len, block);
	case ACQREL_MODE_REPLAY:
		return acqrel_player_read(f->player, buf, len);
	default:
		return acqrel_reader_read(buf, len, block);
	}
}

static __poll_t acqrel_device_poll(struct file *file, poll_table *wait)
{
	struct acqrel_file *f = file->private_data;

	switch (acqrel_file_mode(f)) {
	case ACQREL_MODE_RECORD:
		return acqrel_recorder_poll(f->recorder, file, wait);
	case ACQREL_MODE_REPLAY:
		return EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM;
	default:
		return acqrel_reader_poll(file, wait);
	}
}

/* 0 if the file is a replay afterwards */
static int acqrel_file_replay(struct acqrel_file *f)
{
	struct acqrel_player *player;
	int err = 0;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (mutex_lock_interruptible(&f->lock))
		return -ERESTARTSYS;
	if (f->mode == ACQREL_MODE_DRAIN) {
		player = acqrel_player_new();
		err = PTR_ERR_OR_ZERO(player);
		if (!err) {
			f->player = player;
			acqrel_file_become(f, ACQREL_MODE_REPLAY);
		}
	} else if (f->mode == ACQREL_MODE_RECORD) {
		err = -EINVAL;
	}
	mutex_unlock(&f->lock);
	return err;
}

static ssize_t acqrel_device_write(struct file *file, const char __user *buf,
				   size_t len, loff_t *pos)
{
	struct acqrel_file *f = file->private_data;
	int err;

	if (acqrel_file_mode(f) != ACQREL_MODE_REPLAY) {
		err = acqrel_file_replay(f);
		if (err)
			return err;
	}
	return acqrel_player_write(f->player, buf, len);
}

static int acqrel_file_record(struct acqrel_file *f, u32 ring_units)
{
	struct acqrel_recorder *recorder;
	int err;

	if (mutex_lock_interruptible(&f->lock))
		return -ERESTARTSYS;
	if (f->mode != ACQREL_MODE_DRAIN) {
		err = f->mode == ACQREL_MODE_RECORD ? -EBUSY : -EINVAL;
	} else {
		recorder = acqrel_recorder_new(ring_units);
		err = PTR_ERR_OR_ZERO(recorder);
		if (!err) {
			f->recorder = recorder;
			acqrel_file_become(f, ACQREL_MODE_RECORD);
		}
	}
	mutex_unlock(&f->lock);
	return err;
}

static long acqrel_device_record(struct file *file, void __user *arg)
{
	struct acqrel_record_params params;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (copy_from_user(&params, arg, sizeof(params)))
		return -EFAULT;
	if (params.flags)
		return -EINVAL;
	return acqrel_file_record(file->private_data, params.ring_units);
}

static long acqrel_device_stop(struct acqrel_file *f)
{
	if (acqrel_file_mode(f) != ACQREL_MODE_RECORD)
		return -EINVAL;
	return acqrel_recorder_stop(f->recorder);
}

static long acqrel_device_ioctl(struct file *file, unsigned int cmd,
				unsigned long arg)
{
	switch (cmd) {
	case ACQREL_IOC_RECORD:
		return acqrel_device_record(file, (void __user *)arg);
	case ACQREL_IOC_STOP:
		return acqrel_device_stop(file->private_data);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations acqrel_device_fops = {
	.owner = THIS_MODULE,
	.open = acqrel_device_open,
	.release = acqrel_device_release,
	.read = acqrel_device_read,
	.write = acqrel_device_write,
	.poll = acqrel_device_poll,
	.unlocked_ioctl = acqrel_device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
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
