/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All outcomes of a litmus test, by trying each order of its steps: under
 * sequential consistency, or with a buffer of stores for each thread as x86
 * has. The program is the text that acqrel litmus show prints.
 *
 * Programs with pointers are not understood.
 */
#ifndef ACQREL_TESTS_LITMUS_MODEL_H
#define ACQREL_TESTS_LITMUS_MODEL_H

#include <stdio.h>
#include <string.h>

#include "litmus.h"

#define MODEL_STEPS	16
#define MODEL_OUTCOMES	128

enum model_op {
	MODEL_STORE,
	MODEL_LOAD,
	MODEL_FENCE,
	MODEL_NOTHING,
	MODEL_ADD,
	MODEL_EXCHANGE,
	MODEL_COMPARE,
};

struct model_step {
	enum model_op op;
	int only_if;		/* r0 is that; -1: always */
	int location;
	int reg;		/* -1: none */
	int value;
	int old;
	bool returns_new;
};

struct model {
	const struct acqrel_litmus_test *test;
	bool buffers;
	struct model_step steps[ACQREL_LITMUS_THREADS][MODEL_STEPS];
	unsigned int n[ACQREL_LITMUS_THREADS];
	u64 outcomes[MODEL_OUTCOMES];
	unsigned int found;
};

struct model_state {
	unsigned int at[ACQREL_LITMUS_THREADS];
	int r[ACQREL_LITMUS_THREADS][4];
	int memory[ACQREL_LITMUS_LOCATIONS];
	int held_location[ACQREL_LITMUS_THREADS][MODEL_STEPS];
	int held_value[ACQREL_LITMUS_THREADS][MODEL_STEPS];
	unsigned int held[ACQREL_LITMUS_THREADS];
};

static inline int model_location(char c)
{
	const char *names = "xyzw", *at = c ? strchr(names, c) : NULL;

	return at ? (int)(at - names) : -1;
}

static inline bool model_rmw(const char *s, struct model_step *step)
{
	static const struct {
		const char *format;
		enum model_op op;
		int value;
		bool returns_new;
	} forms[] = {
		{ "atomic64_inc(LITMUS_ATOMIC(%c))%n", MODEL_ADD, 1, true },
		{ "(u64)atomic64_inc_return_relaxed(LITMUS_ATOMIC(%c))%n",
		  MODEL_ADD, 1, true },
		{ "(u64)atomic64_inc_return(LITMUS_ATOMIC(%c))%n",
		  MODEL_ADD, 1, true },
		{ "(u64)atomic64_fetch_sub_relaxed(1, LITMUS_ATOMIC(%c))%n",
		  MODEL_ADD, -1, false },
		{ "(u64)atomic64_fetch_sub_release(1, LITMUS_ATOMIC(%c))%n",
		  MODEL_ADD, -1, false },
		{ "(u64)atomic64_fetch_sub(1, LITMUS_ATOMIC(%c))%n",
		  MODEL_ADD, -1, false },
		{ "xchg_relaxed(%c, 1)%n", MODEL_EXCHANGE, 1, false },
		{ "xchg(%c, 1)%n", MODEL_EXCHANGE, 1, false },
	};
	char location = 0;
	int end;

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		end = 0;
		if (sscanf(s, forms[i].format, &location, &end) != 1 ||
		    !end || s[end])
			continue;
		step->op = forms[i].op;
		step->value = forms[i].value;
		step->returns_new = forms[i].returns_new;
		step->location = model_location(location);
		return step->location >= 0;
	}
	return false;
}

static inline bool model_compare(const char *s, struct model_step *step)
{
	char location = 0, kind[16] = "";

	if (sscanf(s, "cmpxchg(%c, %d, %d)", &location, &step->old,
		   &step->value) != 3 &&
	    sscanf(s, "cmpxchg_%15[a-z](%c, %d, %d)", kind, &location,
		   &step->old, &step->value) != 4)
		return false;
	step->op = MODEL_COMPARE;
	step->location = model_location(location);
	return step->location >= 0;
}

static inline bool model_access(const char *s, struct model_step *step)
{
	char location = 0;

	if (sscanf(s, "WRITE_ONCE(*%c, %d)", &location, &step->value) == 2 ||
	    sscanf(s, "smp_store_release(%c, %d)", &location,
		   &step->value) == 2)
		step->op = MODEL_STORE;
	else if (sscanf(s, "smp_store_mb(*%c, %d)", &location,
			&step->value) == 2)
		step->op = MODEL_EXCHANGE;
	else if (sscanf(s, "READ_ONCE(*%c)", &location) == 1 ||
		 sscanf(s, "smp_load_acquire(%c)", &location) == 1)
		step->op = MODEL_LOAD;
	else
		return model_rmw(s, step) || model_compare(s, step);
	step->location = model_location(location);
	return step->location >= 0;
}

static inline bool model_statement(const char *s, struct model_step *step)
{
	*step = (struct model_step) { .only_if = -1, .reg = -1 };
	if (!strncmp(s, "if (r0 == 1) ", 13)) {
		step->only_if = 1;
		s += 13;
	} else if (!strncmp(s, "if (r0) ", 8)) {
		step->only_if = 1;
		s += 8;
	}
	step->op = strcmp(s, "smp_mb()") ? MODEL_NOTHING : MODEL_FENCE;
	if (!strcmp(s, "smp_mb()") || !strcmp(s, "smp_wmb()") ||
	    !strcmp(s, "smp_rmb()"))
		return true;
	if (*s == 'r' && s[1] >= '0' && s[1] <= '3' &&
	    !strncmp(s + 2, " = ", 3)) {
		step->reg = s[1] - '0';
		s += 5;
	}
	return model_access(s, step);
}

/* false: it is not understood */
static inline bool model_parse(struct model *m,
			       const struct acqrel_litmus_test *test)
{
	char text[1024], *rest, *s;

	memset(m, 0, sizeof(*m));
	m->test = test;
	for (unsigned int t = 0; t < test->threads; t++) {
		if (test->points[0] || test->points[1] ||
		    strlen(test->text[t]) >= sizeof(text))
			return false;
		strcpy(text, test->text[t] + 1);
		*strrchr(text, '}') = '\0';
		for (s = strtok_r(text, ";", &rest); s;
		     s = strtok_r(NULL, ";", &rest)) {
			s += strspn(s, " ");
			if (!*s)
				continue;
			if (m->n[t] == MODEL_STEPS ||
			    !model_statement(s, &m->steps[t][m->n[t]++]))
				return false;
		}
	}
	return true;
}

static inline bool model_has(const struct model *m, u64 outcome)
{
	for (unsigned int i = 0; i < m->found; i++)
		if (m->outcomes[i] == outcome)
			return true;
	return false;
}

static inline void model_end(struct model *m, const struct model_state *s)
{
	u64 outcome = 0;

	for (unsigned int t = 0; t < m->test->threads; t++)
		for (unsigned int i = 0; i < 4; i++)
			outcome |= (u64)(s->r[t][i] & 15) << (16 * t + 4 * i);
	for (unsigned int i = 0; i < ACQREL_LITMUS_LOCATIONS; i++)
		if (m->test->finals >> i & 1)
			outcome |= (u64)(s->memory[i] & 15) << (48 + 4 * i);
	if (!model_has(m, outcome) && m->found < MODEL_OUTCOMES)
		m->outcomes[m->found++] = outcome;
}

static inline void model_drain(struct model_state *s, unsigned int t)
{
	s->memory[s->held_location[t][0]] = s->held_value[t][0];
	s->held[t]--;
	for (unsigned int i = 0; i < s->held[t]; i++) {
		s->held_location[t][i] = s->held_location[t][i + 1];
		s->held_value[t][i] = s->held_value[t][i + 1];
	}
}

static inline int model_load(const struct model_state *s, unsigned int t,
			     int location)
{
	for (unsigned int i = s->held[t]; i--;)
		if (s->held_location[t][i] == location)
			return s->held_value[t][i];
	return s->memory[location];
}

static inline void model_store(const struct model *m, struct model_state *s,
			       unsigned int t, const struct model_step *step)
{
	s->held_location[t][s->held[t]] = step->location;
	s->held_value[t][s->held[t]++] = step->value;
	if (!m->buffers)
		model_drain(s, t);
}

/* the buffer is empty */
static inline int model_update(struct model_state *s,
			       const struct model_step *step)
{
	int *cell = &s->memory[step->location], old = *cell;

	if (step->op == MODEL_ADD)
		*cell += step->value;
	else if (step->op == MODEL_EXCHANGE || old == step->old)
		*cell = step->value;
	return step->returns_new ? *cell : old;
}

static inline void model_step(const struct model *m, struct model_state *s,
			      unsigned int t)
{
	const struct model_step *step = &m->steps[t][s->at[t]++];
	int value = 0;

	if (step->only_if >= 0 && s->r[t][0] != step->only_if)
		return;
	if (step->op == MODEL_STORE)
		model_store(m, s, t, step);
	else if (step->op == MODEL_LOAD)
		value = model_load(s, t, step->location);
	else if (step->op >= MODEL_ADD)
		value = model_update(s, step);
	if (step->reg >= 0)
		s->r[t][step->reg] = value;
}

static inline bool model_must_drain(const struct model *m,
				    const struct model_state *s,
				    unsigned int t)
{
	enum model_op op = m->steps[t][s->at[t]].op;

	return s->held[t] && (op == MODEL_FENCE || op >= MODEL_ADD);
}

static inline void model_walk(struct model *m, const struct model_state *from)
{
	bool ended = true;
	struct model_state s;

	for (unsigned int t = 0; t < m->test->threads; t++) {
		if (from->held[t]) {
			ended = false;
			s = *from;
			model_drain(&s, t);
			model_walk(m, &s);
		}
		if (from->at[t] == m->n[t])
			continue;
		ended = false;
		if (model_must_drain(m, from, t))
			continue;
		s = *from;
		model_step(m, &s, t);
		model_walk(m, &s);
	}
	if (ended)
		model_end(m, from);
}

/* all outcomes; with @buffers, those of x86 */
static inline void model_run(struct model *m, bool buffers)
{
	struct model_state s = { 0 };

	for (unsigned int i = 0; i < ACQREL_LITMUS_LOCATIONS; i++)
		s.memory[i] = m->test->init[i];
	m->buffers = buffers;
	m->found = 0;
	model_walk(m, &s);
}

static inline bool model_reaches(const struct model *m)
{
	for (unsigned int i = 0; i < m->found; i++)
		if (litmus_exists(m->test, m->outcomes[i]))
			return true;
	return false;
}

#endif /* ACQREL_TESTS_LITMUS_MODEL_H */
