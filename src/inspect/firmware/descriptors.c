// SPDX-License-Identifier: Apache-2.0
// Finds descriptors of microcontroller images: ESP-IDF's esp_app_desc_t, Nordic's SoftDevice
// information structure (nrf_sdm.h), MCUboot's image header (image.h).

#include "inspect/firmware/descriptors.h"

#include "base/ban.h"

enum {
	DESCRIPTORS_MAX = 16, /* of one kind in one image */
	SOFTDEVICE_FIELDS = 0x14,
	MCUBOOT_HEADER_MIN = 32,
	MCUBOOT_HEADER_MAX = 4096,
};

/* A text that fills its field with NULs; empty when it is none. */
static struct slice padded(struct cursor *c, size_t size)
{
	struct slice field = cursor_take(c, size);
	struct slice text = slice_head(field, slice_find_byte(field, 0, 0));

	if (text.len == field.len)
		return (struct slice){0};
	for (size_t i = 0; i < text.len; i++)
		if (slice_at(text, i) < 0x20 || slice_at(text, i) > 0x7e)
			return (struct slice){0};
	for (size_t i = text.len; i < field.len; i++)
		if (slice_at(field, i))
			return (struct slice){0};
	return text;
}

/* magic, secure version, 8 reserved, version[32], project[32], time[16], date[16], IDF version[32]
 */
static bool esp_app(struct slice in, struct arena *a, struct descriptor *d)
{
	struct cursor c = cursor_at(in, 16);
	struct slice time, date, idf;

	(void)a;
	d->version = padded(&c, 32);
	d->name = padded(&c, 32);
	time = padded(&c, 16);
	date = padded(&c, 16);
	idf = padded(&c, 32);
	/* __TIME__ and __DATE__; builds that can be repeated leave them out */
	return !c.err && d->name.len && idf.len && (time.len == 0 || text_glob(time, "??:??:??")) &&
	       (date.len == 0 || text_glob(date, "??? ?? ????"));
}

/* size, magic, size of the code, firmware id, SoftDevice id (140: S140), version (7003000: 7.3.0)
 */
static bool softdevice(struct slice in, struct arena *a, struct descriptor *d)
{
	struct cursor c = cursor_at(in, 0);
	uint8_t size = cursor_u8(&c);
	uint32_t id = 0, version = 0;

	cursor_skip(&c, 3 + 4 + 4 + 4);
	id = cursor_u32le(&c);
	version = cursor_u32le(&c);
	if (c.err || size < SOFTDEVICE_FIELDS || id < 100 || id > 399 || version < 1000000 ||
	    version > 99999999)
		return false;
	d->name = arena_print(a, "softdevice-s%u", (unsigned)id);
	d->version = arena_print(a, "%u.%u.%u", (unsigned)(version / 1000000),
				 (unsigned)(version / 1000 % 1000), (unsigned)(version % 1000));
	return true;
}

/* magic, load address, size of the header, of protected TLVs, of the image, flags, version */
static bool mcuboot(struct slice in, struct arena *a, struct descriptor *d)
{
	struct cursor c = cursor_at(in, 8);
	uint32_t header = cursor_u16le(&c), size = 0, build = 0;
	unsigned major = 0, minor = 0, revision = 0;

	cursor_skip(&c, 2);
	size = cursor_u32le(&c);
	cursor_skip(&c, 4);
	major = cursor_u8(&c);
	minor = cursor_u8(&c);
	revision = cursor_u16le(&c);
	build = cursor_u32le(&c);
	if (c.err || header < MCUBOOT_HEADER_MIN || header > MCUBOOT_HEADER_MAX || size == 0 ||
	    (uint64_t)header + size > in.len)
		return false;
	d->name = slice_text("mcuboot-image");
	d->version = arena_print(a, "%u.%u.%u+%u", major, minor, revision, (unsigned)build);
	return true;
}

static const struct {
	const char *mark; /* four bytes, aligned to four */
	uint64_t before;  /* bytes of the structure in front of it */
	bool is_first;    /* at the start of the image only */
	const char *method;
	bool (*read)(struct slice in, struct arena *a, struct descriptor *d);
} kinds[] = {
	{.mark = "\x32\x54\xcd\xab", .method = "esp-app-descriptor", .read = esp_app},
	{.mark = "\xdb\xe5\xb1\x51", .before = 4, .method = "softdevice-info", .read = softdevice},
	{.mark = "\x3d\xb8\xf3\x96", .is_first = true, .method = "mcuboot-header", .read = mcuboot},
};

void descriptors_find(struct slice in, struct arena *a,
		      void (*tell)(void *context, const struct descriptor *d), void *context)
{
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct slice mark = slice_of(kinds[k].mark, 4);
		struct slice within = kinds[k].is_first ? slice_head(in, 4) : in;
		size_t at = slice_find(within, mark, 0);

		for (unsigned n = 0; at != SLICE_NONE && n < DESCRIPTORS_MAX;
		     at = slice_find(within, mark, at + 1)) {
			struct descriptor d = {.method = kinds[k].method};

			if (at < kinds[k].before || at % 4)
				continue;
			d.at = at - kinds[k].before;
			n++;
			if (kinds[k].read(slice_from(in, d.at), a, &d))
				tell(context, &d);
		}
	}
}
