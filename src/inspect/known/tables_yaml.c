// SPDX-License-Identifier: Apache-2.0
// Reads the tables of known-vulnerability diagnosis: unknown keys and missing ones are errors.

#include "inspect/known/tables.h"

#include <cyaml/cyaml.h>
#include <stdio.h>

#include "base/ban.h"

enum { OPTIONAL = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL };

static const cyaml_strval_t role_words[] = {
	{"other", ROLE_OTHER},
	{"kernel", ROLE_KERNEL},
	{"library", ROLE_LIBRARY},
};
_Static_assert(ARRAY_LEN(role_words) == ROLE_N, "a word each");

static const cyaml_schema_value_t text_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED),
};

#define TEXT(key, flags, in, member)                                                               \
	CYAML_FIELD_STRING_PTR(key, flags, in, member, 1, CYAML_UNLIMITED)
#define TEXTS(key, in, member)                                                                     \
	CYAML_FIELD_SEQUENCE(key, OPTIONAL, in, member, &text_value, 0, CYAML_UNLIMITED)

static const cyaml_schema_field_t alias_fields[] = {
	TEXT("name", CYAML_FLAG_POINTER, struct alias, name),
	TEXTS("names", struct alias, names),
	TEXTS("slots", struct alias, slots),
	TEXTS("packages", struct alias, packages),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t path_fields[] = {
	TEXT("path", CYAML_FLAG_POINTER, struct kernel_path, path),
	TEXTS("config", struct kernel_path, config),
	TEXTS("modules", struct kernel_path, modules),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t branch_fields[] = {
	TEXT("series", OPTIONAL, struct branch, series),
	TEXT("end", OPTIONAL, struct branch, end),
	TEXTS("releases", struct branch, releases),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t branch_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct branch, branch_fields),
};

static const cyaml_schema_field_t lifecycle_fields[] = {
	TEXT("name", CYAML_FLAG_POINTER, struct lifecycle, name),
	TEXTS("names", struct lifecycle, names),
	TEXT("slot", OPTIONAL, struct lifecycle, slot),
	TEXT("source", OPTIONAL, struct lifecycle, source),
	CYAML_FIELD_ENUM("role", CYAML_FLAG_DEFAULT, struct lifecycle, role, role_words, ROLE_N),
	CYAML_FIELD_SEQUENCE("branches", OPTIONAL, struct lifecycle, branches, &branch_value, 0,
			     CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

#define ROWS(key, row, member, fields)                                                             \
	static const cyaml_schema_value_t member##_value = {                                       \
		CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct row, fields)};                      \
	static const cyaml_schema_field_t member##_document[] = {                                  \
		CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER, struct tables, member,               \
				     &member##_value, 1, CYAML_UNLIMITED),                         \
		CYAML_FIELD_END,                                                                   \
	};                                                                                         \
	static const cyaml_schema_value_t member##_schema = {                                      \
		CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct tables, member##_document)}

ROWS("products", alias, aliases, alias_fields);
ROWS("files", kernel_path, paths, path_fields);
ROWS("products", lifecycle, lifecycles, lifecycle_fields);

static const struct {
	const char *name;
	const cyaml_schema_value_t *schema;
} documents[] = {
	[TABLE_ALIASES] = {"aliases.yaml", &aliases_schema},
	[TABLE_PATHS] = {"kernel-files.yaml", &paths_schema},
	[TABLE_LIFECYCLES] = {"lifecycles.yaml", &lifecycles_schema},
};
_Static_assert(ARRAY_LEN(documents) == TABLE_DOC_N, "a schema each");

/* The first thing libcyaml complained about, and the innermost line of its backtrace. */
struct complaint {
	char said[80];
	uint64_t line;
};

static void PRINTF_LIKE(3, 0)
	listen(cyaml_log_t level, void *context, const char *fmt, va_list args)
{
	struct complaint *c = context;
	struct slice before = slice_text("line: "), digits = {0};
	char text[256];
	size_t at = 0;

	(void)level;
	if (vsnprintf(text, sizeof text, fmt, args) < 0)
		return;

	struct slice all = text_trim(slice_text(text));

	if (!c->said[0])
		(void)snprintf(c->said, sizeof c->said, "%.*s", (int)all.len,
			       (const char *)all.ptr);
	at = slice_find(all, before, 0);
	if (c->line || at == SLICE_NONE)
		return;
	digits = slice_from(all, at + before.len);
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

enum err tables_read(enum table_doc doc, struct slice yaml, struct tables **out, struct fault *why)
{
	const char *name = documents[doc].name;
	struct complaint c = {0};
	cyaml_config_t config = config_of(&c);
	cyaml_data_t *data = NULL;

	if (yaml.len > LIMIT_CATALOG_BYTES)
		return fault_set(why, E_LIMIT, 0, "%s: too large", name);

	cyaml_err_t e =
		cyaml_load_data(yaml.ptr, yaml.len, &config, documents[doc].schema, &data, NULL);

	if (e != CYAML_OK)
		return fault_set(why, e == CYAML_ERR_OOM ? E_NOMEM : E_CORRUPT, c.line,
				 "%s: line %llu: %s", name, (unsigned long long)c.line,
				 c.said[0] ? c.said : cyaml_strerror(e));
	if (!data) /* an empty document is no error to libcyaml */
		return fault_set(why, E_CORRUPT, 0, "%s: empty", name);
	*out = data;
	return OK;
}

void tables_free(enum table_doc doc, struct tables *t)
{
	struct complaint none = {0};
	cyaml_config_t config = config_of(&none);

	if (t)
		(void)cyaml_free(&config, documents[doc].schema, t, 0);
}
