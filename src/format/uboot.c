// SPDX-License-Identifier: Apache-2.0
// A boot area: bytes that no structure claims and that carry the version banner of Das U-Boot. Its
// code has no header of its own, so the banner is all there is to know it by.

#include "format/format.h"

#include <stdio.h>

#include "base/ban.h"

/* "U-Boot 2013.07", "U-Boot SPL 2013.07", "U-Boot 1.1.4": a version of digits and dots. */
static size_t version_len(struct slice s, size_t at)
{
	size_t n = 0;
	bool has_dot = false;

	for (;; n++) {
		char c = (char)slice_at(s, at + n);

		if (c == '.')
			has_dot = true;
		else if (!text_is_digit(c))
			break;
	}
	return has_dot && n >= 4 ? n : 0;
}

static enum err uboot_bid(struct slice in, struct bid *out, struct fault *why)
{
	static const char *const banners[] = {"U-Boot SPL ", "U-Boot "};

	for (size_t i = 0; i < ARRAY_LEN(banners); i++) {
		struct slice banner = slice_text(banners[i]);
		size_t at = 0;

		while ((at = slice_find(in, banner, at)) != SLICE_NONE) {
			at += banner.len;

			size_t n = version_len(in, at);

			if (!n || n > 16)
				continue;
			*out = (struct bid){.score = BID_MAGIC, .size = in.len};
			(void)snprintf(out->how, sizeof out->how, "version banner U-Boot %.*s",
				       (int)n, (const char *)slice_from(in, at).ptr);
			return OK;
		}
	}
	return fault_set(why, E_MAGIC, 0, "uboot: no version banner");
}

const struct format format_uboot = {
	.name = "uboot",
	.type = ART_EXECUTABLE,
	.is_remainder = true,
	.bid = uboot_bid,
};
