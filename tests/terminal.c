// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bars, colours and the room that they take.
 */
#include <math.h>
#include <string.h>

#include "ktap.h"
#include "terminal.h"

static char text[64];

static const char *bar(bool utf8, double share, int width)
{
	struct terminal terminal = { .utf8 = utf8 };

	terminal_bar(&terminal, share, width, text, sizeof(text));
	return text;
}

static void bars_are_as_long_as_their_share(void)
{
	check(!strcmp(bar(false, 1, 8), "########"));
	check(!strcmp(bar(false, 0.5, 8), "####"));
	check(!strcmp(bar(false, 0, 8), ""));
	check(!strcmp(bar(true, 0.5, 1), "\u258c"));
	check(!strcmp(bar(true, 1, 2), "\u2588\u2588"));
	check(!strcmp(bar(true, 1.125 / 2, 2), "\u2588\u258f"));
}

static void small_shares_can_be_seen(void)
{
	check(!strcmp(bar(false, 0.001, 8), "#"));
	check(!strcmp(bar(true, 0.001, 8), "\u258f"));
}

static void other_shares_are_cut(void)
{
	check(!strcmp(bar(false, 7, 4), "####"));
	check(!strcmp(bar(false, INFINITY, 4), "####"));
	check(!strcmp(bar(false, -1, 4), ""));
	check(!strcmp(bar(false, NAN, 4), ""));
}

static void colours_take_no_room(void)
{
	struct terminal terminal = { .color = true };

	strcpy(text, "slower");
	terminal_paint(&terminal, TONE_BAD, text, sizeof(text));
	check(!strcmp(text, "\033[31mslower\033[0m"));
	check_eq(terminal_columns(text), 6);
	check_eq(terminal_columns("\u2588\u258f 7"), 4);
	check_eq(terminal_columns("\033["), 0);
}

static void text_without_room_stays(void)
{
	struct terminal terminal = { .color = true };
	char small[12] = "slower";

	terminal_paint(&terminal, TONE_BAD, small, sizeof(small));
	check(!strcmp(small, "slower"));
}

static void colours_are_as_wanted(void)
{
	struct terminal terminal;

	check(terminal_look(&terminal, "always") && terminal.color);
	check(terminal_look(&terminal, "never") && !terminal.color);
	check(!terminal_look(&terminal, "sometimes"));
	strcpy(text, "faster");
	terminal_paint(&terminal, TONE_GOOD, text, sizeof(text));
	check(!strcmp(text, "faster"));
}

static const struct ktap_test tests[] = {
	{ "bars are as long as their share", bars_are_as_long_as_their_share },
	{ "small shares can be seen", small_shares_can_be_seen },
	{ "other shares are cut", other_shares_are_cut },
	{ "colours take no room", colours_take_no_room },
	{ "text without room for a colour stays", text_without_room_stays },
	{ "colours are as wanted", colours_are_as_wanted },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
