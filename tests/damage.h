/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Damage to a document that is JSON afterwards, too.
 */
#ifndef ACQREL_TESTS_DAMAGE_H
#define ACQREL_TESTS_DAMAGE_H

#include <jansson.h>

#include "ktap.h"

/* Some node of a document, at random. */
static inline json_t *wander(json_t *json, struct acqrel_generator *g,
			     json_t **parent, size_t *at)
{
	json_t *child;

	*parent = NULL;
	for (;;) {
		size_t n = json_is_object(json) ? json_object_size(json) :
						  json_array_size(json);
		void *it;

		if (!n || !(acqrel_generator_next(g) % 8))
			return json;
		*parent = json;
		*at = acqrel_generator_next(g) % n;
		it = json_object_iter(json);
		for (size_t i = 0; json_is_object(json) && i < *at; i++)
			it = json_object_iter_next(json, it);
		child = json_is_object(json) ? json_object_iter_value(it) :
					       json_array_get(json, *at);
		json = child;
	}
}

static inline json_t *nonsense(struct acqrel_generator *g)
{
	switch (acqrel_generator_next(g) % 8) {
	case 0: return json_null();
	case 1: return json_integer(-1);
	case 2: return json_integer(acqrel_generator_next(g) >> 1);
	case 3: return json_string("18446744073709551615");
	case 4: return json_string("<b>\"&'");
	case 5: return json_array();
	case 6: return json_object();
	default: return json_integer(acqrel_generator_next(g) % 8);
	}
}

/* Something is missing or is something else. */
static inline void damage(json_t *json, struct acqrel_generator *g)
{
	json_t *parent;
	size_t at = 0;
	void *it;

	wander(json, g, &parent, &at);
	if (json_is_array(parent)) {
		if (acqrel_generator_next(g) % 4)
			json_array_set_new(parent, at, nonsense(g));
		else
			json_array_remove(parent, at);
	} else if (parent) {
		it = json_object_iter(parent);
		while (at--)
			it = json_object_iter_next(parent, it);
		if (acqrel_generator_next(g) % 4)
			json_object_iter_set_new(parent, it, nonsense(g));
		else
			json_object_del(parent, json_object_iter_key(it));
	}
}

#endif /* ACQREL_TESTS_DAMAGE_H */
