// SPDX-License-Identifier: Apache-2.0
// One YAML document through libcyaml, its complaints turned into one fault with name and line.

#include "sheet/document.h"

#include <stdio.h>

#include "base/ban.h"

/* The first thing libcyaml complained about, and the innermost line of its backtrace. */
struct complaint {
	char text[80];
	uint64_t line;
};

static void note_line(struct complaint *c, struct slice s)
{
	struct slice before = slice_text("(line: "), digits = {0};
	size_t at = slice_find(s, before, 0);

	if (c->line != 0 || at == SLICE_NONE)
		return;

	struct slice rest = slice_from(s, at + before.len);

	if (text_field(&rest, ',', &digits) && text_u64(digits, 10, &c->line) != OK)
		c->line = 0;
}

static void listen(cyaml_log_t level, void *ctx, const char *fmt, va_list args)
	__attribute__((format(printf, 3, 0)));

static void listen(cyaml_log_t level, void *ctx, const char *fmt, va_list args)
{
	struct complaint *c = ctx;
	char line[200];

	(void)level;
	vsnprintf(line, sizeof line, fmt, args);

	struct slice s = text_trim(slice_text(line));

	note_line(c, s);
	if (slice_starts(s, "Load: "))
		s = slice_from(s, 6);
	if (c->text[0] == '\0' && !slice_is(s, "Backtrace:"))
		snprintf(c->text, sizeof c->text, "%.*s", (int)s.len, (const char *)s.ptr);
}

static cyaml_config_t config(struct complaint *c)
{
	return (cyaml_config_t){
		.log_fn = c ? listen : NULL,
		.log_ctx = c,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_WARNING,
		.flags = CYAML_CFG_NO_ALIAS,
	};
}

enum err document_read(const char *name, struct slice bytes, const cyaml_schema_value_t *schema,
		       struct document **out, struct fault *why)
{
	struct complaint c = {0};
	cyaml_config_t cfg = config(&c);
	cyaml_data_t *data = NULL;
	cyaml_err_t e = CYAML_OK;

	if (bytes.len > LIMIT_CATALOG_BYTES)
		return fault_set(why, E_LIMIT, 0, "%s: larger than %llu bytes", name,
				 (unsigned long long)LIMIT_CATALOG_BYTES);
	if (bytes.len == 0)
		return fault_set(why, E_SHORT, 1, "%s: line 1: empty", name);
	e = cyaml_load_data(bytes.ptr, bytes.len, &cfg, schema, &data, NULL);
	/* A warning is refused as well: a second document would be passed over in silence. */
	if (e == CYAML_OK && data && c.text[0] == '\0') {
		*out = data;
		return OK;
	}
	document_free(schema, data);
	if (c.text[0] == '\0')
		snprintf(c.text, sizeof c.text, "%s", e ? cyaml_strerror(e) : "empty");
	return fault_set(why, e == CYAML_ERR_OOM ? E_NOMEM : E_CORRUPT, c.line, "%s: line %llu: %s",
			 name, (unsigned long long)c.line, c.text);
}

void document_free(const cyaml_schema_value_t *schema, struct document *d)
{
	cyaml_config_t cfg = config(NULL);

	if (d)
		cyaml_free(&cfg, schema, d, 0);
}
