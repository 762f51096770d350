// SPDX-License-Identifier: Apache-2.0
// What programs say of their own making: Go in both forms, Rust, package notes, descriptors of
// microcontrollers; damage.

#include "support.h"

#include <string.h>
#include <zlib.h>

#include "inspect/firmware/builds.h"
#include "inspect/library.h"

#include "scene_double.h"

static bool is_at(const struct component *c, const char *offset)
{
	struct slice at = {0};

	return saying_is(c->location, SAY_OFFSET, &at) && slice_is(at, offset);
}

static void look(struct scene *s, const struct object *o)
{
	if (builds_object(s, o) != OK)
		scene_coverage(s, "limits", 1, 1);
}

static const struct inspector builds = {.name = "builds", .object = look};

static struct stage *shown(struct slice bytes)
{
	struct stage *s = stage_new();

	stage_object(s, &builds, &(struct stage_file){.path = "/bin/x", .bytes = bytes}, false);
	return s;
}

static void expect(const struct stage *s, const char *name, const char *version, const char *purl,
		   const char *method)
{
	const struct component *c = stage_component(s, name);

	if (!c)
		stage_print(s);
	assert_non_null(c);
	assert_true(slice_is(c->version, version));
	if (!slice_is(c->purl, purl))
		stage_print(s);
	assert_true(slice_is(c->purl, purl));
	assert_true(slice_is(c->method, method));
	assert_true(c->location.len > 0);
	assert_int_equal(c->confidence, SURE);
}

/* --- ELF by hand: one segment over everything, and sections when asked for --- */

enum { HEADER = 64, SEGMENT = 56, BODY = HEADER + SEGMENT, ADDRESS = 0x400000 };

static void u16(struct buf *b, unsigned v)
{
	buf_byte(b, (uint8_t)v);
	buf_byte(b, (uint8_t)(v >> 8));
}

/* little-endian, 64 bit; `body` begins at BODY, the table of sections behind it when `name` is
 * given */
static struct slice elf_make(struct buf *b, struct slice body, const char *name)
{
	static const uint8_t ident[16] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
	size_t names = 1 + (name ? strlen(name) + 1 : 0), table = BODY + body.len + names;

	buf_init(b, 1 * MiB);
	buf_add(b, slice_of(ident, sizeof ident));
	u16(b, 2);
	u16(b, EM_X86_64);
	buf_u32le(b, 1);
	buf_u64le(b, ADDRESS + BODY);
	buf_u64le(b, HEADER);
	buf_u64le(b, name ? table : 0);
	buf_u32le(b, 0);
	u16(b, HEADER);
	u16(b, SEGMENT);
	u16(b, 1);
	u16(b, name ? 64 : 0);
	u16(b, name ? 3 : 0);
	u16(b, name ? 2 : 0);
	buf_u32le(b, PT_LOAD);
	buf_u32le(b, PF_R);
	buf_u64le(b, 0);
	buf_u64le(b, ADDRESS);
	buf_u64le(b, ADDRESS);
	buf_u64le(b, BODY + body.len);
	buf_u64le(b, BODY + body.len);
	buf_u64le(b, 0x1000);
	buf_add(b, body);
	buf_byte(b, 0);
	if (name) {
		/* none, the section, its names */
		const uint64_t at[] = {0, BODY, BODY + body.len}, size[] = {0, body.len, names};

		buf_add(b, slice_of(name, strlen(name) + 1));
		for (unsigned i = 0; i < 3; i++) {
			buf_u32le(b, i == 1);
			buf_u32le(b, i == 1 ? 7 : i == 2 ? SHT_STRTAB : 0);
			buf_u64le(b, 0);
			buf_u64le(b, 0);
			buf_u64le(b, at[i]);
			buf_u64le(b, size[i]);
			for (unsigned k = 0; k < 3; k++)
				buf_u64le(b, 0);
		}
	}
	assert_int_equal(b->err, OK);
	return buf_slice(b);
}

/* --- Go --- */

#define SENTINEL "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6"
#define MODULES                                                                                    \
	"path\texample.org/tool\nmod\texample.org/tool\t(devel)\t\n"                               \
	"dep\tgithub.com/gorilla/websocket\tv1.4.2\th1:x=\n"                                       \
	"dep\tgolang.org/x/text\tv0.3.0\n=>\tgolang.org/x/text\tv0.3.8\th1:y=\n"                   \
	"build\t-compiler=gc\n"

static void expect_go(const struct stage *s)
{
	expect(s, "go", "1.20.3", "pkg:golang/stdlib@1.20.3", "go-build");
	expect(s, "github.com/gorilla/websocket", "v1.4.2",
	       "pkg:golang/github.com/gorilla/websocket@v1.4.2", "go-build");
	expect(s, "golang.org/x/text", "v0.3.8", "pkg:golang/golang.org/x/text@v0.3.8", "go-build");
	expect(s, "example.org/tool", "", "pkg:golang/example.org/tool", "go-build");
	assert_int_equal(s->emitter.n, 4);
}

static void varint_text(struct buf *b, struct slice text)
{
	size_t n = text.len;

	for (; n >= 0x80; n >>= 7)
		buf_byte(b, (uint8_t)(n | 0x80));
	buf_byte(b, (uint8_t)n);
	buf_add(b, text);
}

static struct slice go_inline(struct buf *b)
{
	static const char modules[] = SENTINEL MODULES SENTINEL;
	static const uint8_t none[16] = {0};
	struct buf body;
	struct slice file;

	buf_init(&body, 64 * KiB);
	buf_text(&body, "\xff Go buildinf:");
	buf_byte(&body, 8);
	buf_byte(&body, 2);
	buf_add(&body, slice_of(none, 16));
	varint_text(&body, slice_text("go1.20.3"));
	varint_text(&body, slice_of(modules, sizeof modules - 1));
	file = elf_make(b, buf_slice(&body), NULL);
	buf_release(&body);
	return file;
}

/* mark, two pointers, two headers, two texts */
static struct slice go_pointers(struct buf *b)
{
	static const char modules[] = SENTINEL MODULES SENTINEL;
	const uint64_t base = ADDRESS + BODY, texts = base + 64;
	struct buf body;
	struct slice file;

	buf_init(&body, 64 * KiB);
	buf_text(&body, "\xff Go buildinf:");
	buf_byte(&body, 8);
	buf_byte(&body, 0);
	buf_u64le(&body, base + 32);
	buf_u64le(&body, base + 48);
	buf_u64le(&body, texts);
	buf_u64le(&body, 8);
	buf_u64le(&body, texts + 8);
	buf_u64le(&body, sizeof modules - 1);
	buf_text(&body, "go1.20.3");
	buf_add(&body, slice_of(modules, sizeof modules - 1));
	file = elf_make(b, buf_slice(&body), ".go.buildinfo");
	buf_release(&body);
	return file;
}

static void test_go(void **state)
{
	struct slice (*const makers[])(struct buf *) = {go_inline, go_pointers};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(makers); i++) {
		struct buf b;
		struct stage *s = shown(makers[i](&b));

		expect_go(s);
		stage_free(s);
		buf_release(&b);
	}
}

/* --- Rust, notes --- */

static struct slice rust(struct buf *b)
{
	static const char audit[] =
		"{\"packages\":[{\"name\":\"tool\",\"version\":\"0.1.0\",\"root\":true},"
		"{\"name\":\"ring\",\"version\":\"0.16.20\",\"source\":\"crates.io\"},"
		"{\"name\":\"cc\",\"version\":\"1.0.0\",\"kind\":\"build\"}]}";
	uint8_t packed[512];
	uLongf n = sizeof packed;

	assert_int_equal(compress(packed, &n, (const Bytef *)audit, sizeof audit - 1), Z_OK);
	return elf_make(b, slice_of(packed, n), ".dep-v0");
}

static void test_rust(void **state)
{
	struct buf b;
	struct stage *s = shown(rust(&b));

	(void)state;
	expect(s, "ring", "0.16.20", "pkg:cargo/ring@0.16.20", "rust-audit");
	expect(s, "tool", "0.1.0", "pkg:cargo/tool@0.1.0", "rust-audit");
	assert_null(stage_component(s, "cc"));
	stage_free(s);
	buf_release(&b);
}

static struct slice note(struct buf *b, const char *json)
{
	struct buf body;
	struct slice file;

	buf_init(&body, 4 * KiB);
	buf_u32le(&body, 4);
	buf_u32le(&body, (uint32_t)strlen(json) + 1);
	buf_u32le(&body, 0xcafe1a7e);
	buf_add(&body, slice_of("FDO", 4));
	buf_add(&body, slice_of(json, strlen(json) + 1));
	file = elf_make(b, buf_slice(&body), ".note.package");
	buf_release(&body);
	return file;
}

static void test_note(void **state)
{
	struct buf b;
	struct stage *s = shown(
		note(&b, "{\"type\":\"rpm\",\"os\":\"fedora\",\"osVersion\":\"39\",\"name\":"
			 "\"bash\",\"version\":\"5.2.15-5.fc39\",\"architecture\":\"x86_64\"}"));

	(void)state;
	expect(s, "bash", "5.2.15-5.fc39",
	       "pkg:rpm/fedora/bash@5.2.15-5.fc39?arch=x86_64&distro=fedora-39", "package-note");
	stage_free(s);
	buf_release(&b);
	s = shown(note(&b, "{\"name\":1,\"version\":[]}"));
	assert_int_equal(s->emitter.n, 0);
	stage_free(s);
	buf_release(&b);
}

/* --- microcontrollers --- */

static void field(struct buf *b, const char *text, size_t size)
{
	buf_text(b, text);
	for (size_t i = strlen(text); i < size; i++)
		buf_byte(b, 0);
}

static struct slice esp(struct buf *b, const char *project)
{
	buf_init(b, 4 * KiB);
	field(b, "\xe9head", 32);
	buf_u32le(b, 0xabcd5432);
	field(b, "", 12);
	field(b, "2.1.0-3-gabc", 32);
	field(b, project, 32);
	field(b, "12:30:00", 16);
	field(b, "Jan  5 2024", 16);
	field(b, "v5.1.2", 32);
	field(b, "", 32);
	return buf_slice(b);
}

static void test_descriptors(void **state)
{
	struct buf b;
	struct stage *s = shown(esp(&b, "thermostat"));

	(void)state;
	expect(s, "thermostat", "2.1.0-3-gabc", "pkg:generic/thermostat@2.1.0-3-gabc",
	       "esp-app-descriptor");
	assert_true(is_at(stage_component(s, "thermostat"), "0x20"));
	stage_free(s);
	buf_release(&b);
	s = shown(esp(&b, "thermo\tstat")); /* no name: the mark is there by chance */
	assert_int_equal(s->emitter.n, 0);
	stage_free(s);
	buf_release(&b);

	buf_init(&b, 4 * KiB);
	buf_u32le(&b, 0x96f3b83d);
	buf_u32le(&b, 0);
	buf_u32le(&b, 32);
	buf_u32le(&b, 4);
	buf_u32le(&b, 0);
	buf_u32le(&b, 1 | 2 << 8 | 3 << 16);
	buf_u32le(&b, 4);
	field(&b, "", 8);
	s = shown(buf_slice(&b));
	assert_int_equal(s->emitter.n, 1);
	stage_free(s);
	s = shown(slice_head(buf_slice(&b), b.len - 8)); /* the image it speaks of is not there */
	assert_int_equal(s->emitter.n, 0);
	stage_free(s);
	buf_release(&b);

	buf_init(&b, 8 * KiB);
	field(&b, "", 0x1000);
	buf_u32le(&b, 0x28);
	buf_u32le(&b, 0x51b1e5db);
	buf_u32le(&b, 0x27000);
	buf_u32le(&b, 0x123);
	buf_u32le(&b, 140);
	buf_u32le(&b, 7003000);
	s = shown(buf_slice(&b));
	expect(s, "softdevice-s140", "7.3.0", "pkg:generic/softdevice-s140@7.3.0",
	       "softdevice-info");
	assert_true(is_at(stage_component(s, "softdevice-s140"), "0x1000"));
	stage_free(s);
	buf_release(&b);
}

/* --- damage --- */

static void look_at_damaged(struct slice in)
{
	struct stage *s = shown(in);

	assert_true(s->emitter.n <= 8);
	stage_free(s);
}

static void test_damage(void **state)
{
	struct buf b;

	(void)state;
	sweep_damage(go_inline(&b), look_at_damaged);
	buf_release(&b);
	sweep_damage(go_pointers(&b), look_at_damaged);
	buf_release(&b);
	sweep_damage(rust(&b), look_at_damaged);
	buf_release(&b);
	sweep_damage(note(&b, "{\"name\":\"a\",\"version\":\"1\"}"), look_at_damaged);
	buf_release(&b);
	sweep_damage(esp(&b, "thermostat"), look_at_damaged);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_go),     cmocka_unit_test(test_rust),
		cmocka_unit_test(test_note),   cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
