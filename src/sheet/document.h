/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The three documents of the catalogue as libcyaml loads them: C texts and counts, not yet checked
 * against each other. What only people read has its place here too, so that a misspelt key is
 * refused wherever it stands.
 */
#ifndef SHEET_DOCUMENT_H
#define SHEET_DOCUMENT_H

#include <cyaml/cyaml.h>

#include "sheet/sheet.h"

/* A list of texts or numbers; libcyaml wants the counts beside the pointers. */
struct doc_list {
	char **text;
	unsigned n;
};

struct doc_text {
	char *ja, *en;
};

struct doc_named {
	char *id, *prefix, *ja, *en;
};

struct doc_parameter {
	char *name;
	struct doc_text about;
	char **value;
	unsigned value_count;
};

struct doc_fail {
	char *rule, *of;
	uint64_t allowed_percent;
};

struct doc_need {
	char *subject;
	uint64_t percent;   /* 0: not given */
	enum verdict below; /* V_NA: not given */
	bool may_be_empty, even_if_absent;
};

struct doc_na {
	char *code, *absent, *ja, *en;
};

struct doc_common {
	enum method method;
	struct doc_need *needs;
	unsigned needs_count;
};

struct doc_overlap {
	char *id;
	struct doc_text flaw;
	char **owner_order;
	unsigned owner_order_count;
};

/* Standards an item can be traced to. */
struct doc_refs {
	struct doc_list isvs, en303645, owasp_top10, iec_4_2, iec_4_1, jc_star, nist, cra;
};

struct doc_class_basis {
	char *from, *reason, *status;
};

struct doc_tool_inputs {
	struct doc_list decides, supports;
};

struct doc_grade {
	uint64_t bronze, silver, gold;
};

struct doc_item {
	char *id;
	enum method method;
	char *pillar, *check, *tier;
	struct doc_text title, requirement;
	enum decided_by decided_by, intended;
	uint64_t class_min;
	unsigned targets, sectors;
	struct doc_fail *fails;
	struct doc_need *needs;
	struct doc_na *na;
	uint64_t *cwe;
	unsigned fails_count, needs_count, na_count, cwe_count;
	struct doc_refs refs;
	struct doc_list inputs, phases, inspected_by, evidence, shares;
	struct doc_class_basis class_basis;
	struct doc_tool_inputs tool_inputs;
};

struct doc_rule {
	char *id;
	enum severity severity;
	uint64_t *cwe;
	unsigned cwe_count;
	struct doc_text title, action;
};

/* Any of the three documents; what a document has no key for stays empty. */
struct document {
	char *edition, *end_of;
	struct doc_text name;
	struct doc_text *about, *grade_notes, *optional_gates;
	struct doc_named *methods, *result_values, *definitions, *pillars, *phases, *evidence_kinds;
	struct doc_parameter *parameters;
	struct doc_common *common_needs;
	struct doc_overlap *overlap_groups;
	struct doc_item *items;
	struct doc_rule *rules;
	unsigned about_count, grade_notes_count, optional_gates_count;
	unsigned methods_count, result_values_count, definitions_count;
	unsigned pillars_count, phases_count, evidence_kinds_count;
	unsigned parameters_count, common_needs_count, overlap_groups_count;
	unsigned items_count, rules_count;
	struct doc_grade grade;
};

extern const cyaml_schema_value_t schema_vulnerability, schema_iot, schema_rules;

/*
 * Reads one YAML document. `name` is for faults, whose `at` is the line. *out is yours, to be given
 * back to document_free with the same schema; untouched on failure.
 */
MUST_CHECK enum err document_read(const char *name, struct slice bytes,
				  const cyaml_schema_value_t *schema, struct document **out,
				  struct fault *why);
void document_free(const cyaml_schema_value_t *schema, struct document *d);

#endif
