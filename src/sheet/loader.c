// SPDX-License-Identifier: Apache-2.0
// What the loading of a sheet shares: faults with name and line, copies into the sheet's arena.

#include "sheet/loader.h"

#include "base/ban.h"

const char *document_name(enum doc_no doc)
{
	static const char *const names[DOC_N] = {
		[DOC_VULNERABILITY] = "vulnerability.yaml",
		[DOC_IOT] = "iot.yaml",
		[DOC_RULES] = "rules.yaml",
	};

	return names[doc];
}

/* libcyaml forgets lines once a document is read: look the id up again. */
static uint64_t line_of(struct slice bytes, const char *id)
{
	struct slice rest = bytes, line = {0};
	uint64_t n = 0;

	while (text_line(&rest, &line)) {
		struct slice s = text_trim(line);

		n++;
		if (slice_starts(s, "- "))
			s = text_trim(slice_from(s, 2));
		if (slice_starts(s, "id: ") && slice_is(text_trim(slice_from(s, 4)), id))
			return n;
	}
	return 0;
}

/* The document says something about `id` that cannot be. */
void loader_complain(struct loader *l, enum doc_no doc, const char *id, const char *what)
{
	uint64_t line = line_of(l->bytes[doc], id);

	if (l->err == OK)
		l->err = fault_set(l->why, E_CORRUPT, line, "%s: line %llu: %s: %s",
				   document_name(doc), (unsigned long long)line, id, what);
}

void *loader_take(struct loader *l, size_t n, size_t size)
{
	void *p = l->err ? NULL : arena_array(&l->sheet->arena, n, size);

	if (!p && l->err == OK)
		l->err = fault_set(l->why, E_NOMEM, 0, "sheet: no room");
	return p;
}

struct slice loader_keep(struct loader *l, const char *text)
{
	struct slice out = {0};

	if (text && l->err == OK && arena_copy(&l->sheet->arena, slice_text(text), &out) != OK)
		l->err = fault_set(l->why, E_NOMEM, 0, "sheet: no room");
	return out;
}

struct bilingual loader_keep_both(struct loader *l, const char *ja, const char *en)
{
	return (struct bilingual){.in = {[JA] = loader_keep(l, ja), [EN] = loader_keep(l, en)}};
}

const uint64_t *loader_keep_numbers(struct loader *l, const uint64_t *numbers, size_t n)
{
	uint64_t *out = loader_take(l, n, sizeof *out);

	for (size_t i = 0; out && i < n; i++)
		out[i] = numbers[i];
	return out;
}
