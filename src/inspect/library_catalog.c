// SPDX-License-Identifier: Apache-2.0
// Reads catalog/components.yaml into plain structs: unknown keys and missing ones are errors.

#include "inspect/library_parts.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <string.h>

#include "base/ban.h"

static const cyaml_strval_t scope_words[] = {
	{"marked", SCOPE_MARKED},
	{"anywhere", SCOPE_ANYWHERE},
	{"named", SCOPE_NAMED},
};
_Static_assert(ARRAY_LEN(scope_words) == SCOPE_N, "a word each");

static const cyaml_strval_t kind_words[] = {
	{"program", SIGNATURE_PROGRAM},
	{"library", SIGNATURE_LIBRARY},
	{"system", SIGNATURE_SYSTEM},
	{"firmware", SIGNATURE_FIRMWARE},
};
_Static_assert(ARRAY_LEN(kind_words) == SIGNATURE_KIND_N, "a word each");

enum { OPTIONAL = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL };

static const cyaml_schema_value_t text_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t pattern_fields[] = {
	CYAML_FIELD_STRING_PTR("find", CYAML_FLAG_POINTER, struct catalog_pattern, find, 1,
			       CYAML_UNLIMITED),
	CYAML_FIELD_ENUM("where", CYAML_FLAG_OPTIONAL, struct catalog_pattern, where, scope_words,
			 SCOPE_N),
	CYAML_FIELD_STRING_PTR("example", CYAML_FLAG_POINTER, struct catalog_pattern, example, 1,
			       CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("version", CYAML_FLAG_POINTER, struct catalog_pattern, version, 0,
			       CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t pattern_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct catalog_pattern, pattern_fields),
};

#define TEXTS(key)                                                                                 \
	CYAML_FIELD_SEQUENCE(#key, OPTIONAL, struct catalog_entry, key, &text_value, 0,            \
			     CYAML_UNLIMITED)
#define PATTERNS(key)                                                                              \
	CYAML_FIELD_SEQUENCE(#key, OPTIONAL, struct catalog_entry, key, &pattern_value, 0,         \
			     CYAML_UNLIMITED)

static const cyaml_schema_field_t entry_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct catalog_entry, name, 1,
			       CYAML_UNLIMITED),
	CYAML_FIELD_ENUM("kind", CYAML_FLAG_DEFAULT, struct catalog_entry, kind, kind_words,
			 SIGNATURE_KIND_N),
	CYAML_FIELD_STRING_PTR("supplier", CYAML_FLAG_POINTER, struct catalog_entry, supplier, 1,
			       CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("purl", CYAML_FLAG_POINTER, struct catalog_entry, purl, 3,
			       CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("update", OPTIONAL, struct catalog_entry, update, 1, 1),
	CYAML_FIELD_STRING_PTR("traps", OPTIONAL, struct catalog_entry, traps, 0, CYAML_UNLIMITED),
	CYAML_FIELD_BOOL("text", CYAML_FLAG_OPTIONAL, struct catalog_entry, text),
	TEXTS(cpe),
	TEXTS(files),
	TEXTS(marks),
	TEXTS(without),
	TEXTS(packages),
	PATTERNS(patterns),
	PATTERNS(names),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t entry_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct catalog_entry, entry_fields),
};

static const cyaml_schema_field_t catalog_fields[] = {
	CYAML_FIELD_SEQUENCE("components", CYAML_FLAG_POINTER, struct catalog, components,
			     &entry_value, 1, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t catalog_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct catalog, catalog_fields),
};

/* What libcyaml said: the first message, then a backtrace whose first line number is the place. */
struct complaint {
	char said[100];
	uint64_t line;
};

static void PRINTF_LIKE(3, 0)
	listen(cyaml_log_t level, void *context, const char *fmt, va_list args)
{
	struct complaint *c = context;
	char text[256];
	size_t at;

	(void)level;
	if (vsnprintf(text, sizeof text, fmt, args) < 0)
		return;

	struct slice all = slice_text(text), digits;

	if (!c->said[0])
		snprintf(c->said, sizeof c->said, "%.*s", (int)text_trim(all).len,
			 (const char *)text_trim(all).ptr);
	at = slice_find(all, slice_text("line: "), 0);
	if (c->line || at == SLICE_NONE)
		return;
	digits = slice_from(all, at + 6);
	digits = slice_head(digits, slice_find_byte(digits, ',', 0));
	if (text_u64(digits, 10, &c->line) != OK)
		c->line = 0;
}

static cyaml_config_t config_of(struct complaint *c)
{
	return (cyaml_config_t){
		.log_fn = listen,
		.log_ctx = c,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_NO_ALIAS,
	};
}

enum err catalog_load(struct slice yaml, struct catalog **out, struct fault *why)
{
	struct complaint c = {0};
	cyaml_config_t config = config_of(&c);
	cyaml_data_t *data = NULL;
	cyaml_err_t e = CYAML_OK;

	if (yaml.len > LIMIT_CATALOG_BYTES)
		return fault_set(why, E_LIMIT, 0, "components: catalogue too large");
	e = cyaml_load_data(yaml.ptr, yaml.len, &config, &catalog_value, &data, NULL);
	if (e != CYAML_OK)
		return fault_set(why, E_CORRUPT, c.line, "components: line %llu: %s",
				 (unsigned long long)c.line,
				 c.said[0] ? c.said : cyaml_strerror(e));
	if (!data) /* an empty document is no error to libcyaml */
		return fault_set(why, E_CORRUPT, 0, "components: the catalogue is empty");
	*out = data;
	return OK;
}

void catalog_free(struct catalog *c)
{
	struct complaint none = {0};
	cyaml_config_t config = config_of(&none);

	if (c)
		(void)cyaml_free(&config, &catalog_value, c, 0);
}
