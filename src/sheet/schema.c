// SPDX-License-Identifier: Apache-2.0
// The keys of the catalogue's documents, as libcyaml schema tables. A new key is a row here.

#include "sheet/document.h"

#include "base/ban.h"

#define MAY  CYAML_FLAG_OPTIONAL
#define MUST CYAML_FLAG_DEFAULT

#define TEXT(key, flags, in, member)                                                               \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | (flags), struct in, member, 1,            \
			       LIMIT_SHEET_TEXT_BYTES)
#define NUMBER(key, flags, in, member) CYAML_FIELD_UINT(key, flags, struct in, member)
#define WORD(key, flags, in, member, words)                                                        \
	CYAML_FIELD_ENUM(key, CYAML_FLAG_STRICT | (flags), struct in, member, words,               \
			 ARRAY_LEN(words))
#define WORDS(key, flags, in, member, words)                                                       \
	CYAML_FIELD_FLAGS(key, CYAML_FLAG_STRICT | (flags), struct in, member, words,              \
			  ARRAY_LEN(words))
#define MAP(key, flags, in, member, fields)                                                        \
	CYAML_FIELD_MAPPING(key, flags, struct in, member, fields)
#define LIST(key, flags, in, member, count, entry, most)                                           \
	CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_POINTER | (flags), struct in, member, count,    \
				   entry, 1, most)
#define TEXTS(key, flags, in, member)                                                              \
	LIST(key, flags, in, member.text, member.n, &text, LIMIT_SHEET_LIST)

static const cyaml_strval_t method_words[] = {
	{.str = "source", .val = METHOD_SOURCE},
	{.str = "firmware", .val = METHOD_FIRMWARE},
	{.str = "network", .val = METHOD_NETWORK},
	{.str = "known-vulnerability", .val = METHOD_KNOWN},
	{.str = "other", .val = METHOD_OTHER},
};
_Static_assert(ARRAY_LEN(method_words) == METHOD_N, "a word each");

static const cyaml_strval_t decided_words[] = {
	{.str = "tool", .val = BY_TOOL},
	{.str = "tool+review", .val = BY_TOOL_REVIEW},
	{.str = "manual", .val = BY_MANUAL},
};
_Static_assert(ARRAY_LEN(decided_words) == BY_N, "a word each");

static const cyaml_strval_t severity_words[] = {
	{.str = "info", .val = SEV_INFO},         {.str = "low", .val = SEV_LOW},
	{.str = "medium", .val = SEV_MEDIUM},     {.str = "high", .val = SEV_HIGH},
	{.str = "critical", .val = SEV_CRITICAL},
};
_Static_assert(ARRAY_LEN(severity_words) == SEV_N, "a word each");

/* A need that is not met can end in these alone. */
static const cyaml_strval_t below_words[] = {
	{.str = "not-tested", .val = V_UNTESTED},
	{.str = "inconclusive", .val = V_INCONCLUSIVE},
	{.str = "fail", .val = V_FAIL},
};

/* libcyaml takes any word it does not know for true; these two it may not guess. */
static const cyaml_strval_t bool_words[] = {
	{.str = "false", .val = 0},
	{.str = "true", .val = 1},
};

static const cyaml_strval_t target_words[] = {
	{.str = "final-device", .val = 1 << KIND_FINAL_DEVICE},
	{.str = "hardware-component", .val = 1 << KIND_HARDWARE},
	{.str = "software-component", .val = 1 << KIND_SOFTWARE},
	{.str = "system", .val = 1 << KIND_SYSTEM},
};
_Static_assert(ARRAY_LEN(target_words) == KIND_N, "a word each");

static const cyaml_strval_t sector_words[] = {
	{.str = "consumer", .val = 1 << SECTOR_CONSUMER},
	{.str = "business", .val = 1 << SECTOR_BUSINESS},
	{.str = "industrial", .val = 1 << SECTOR_INDUSTRIAL},
};
_Static_assert(ARRAY_LEN(sector_words) == SECTOR_N, "a word each");

static const cyaml_schema_value_t text = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, LIMIT_SHEET_TEXT_BYTES),
};

static const cyaml_schema_value_t number = {CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, uint64_t)};

static const cyaml_schema_field_t text_fields[] = {
	TEXT("ja", MUST, doc_text, ja),
	TEXT("en", MUST, doc_text, en),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t both = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct doc_text, text_fields),
};

static const cyaml_schema_field_t named_fields[] = {
	TEXT("id", MUST, doc_named, id),
	TEXT("prefix", MAY, doc_named, prefix),
	TEXT("ja", MUST, doc_named, ja),
	TEXT("en", MUST, doc_named, en),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t named = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct doc_named, named_fields),
};

static const cyaml_schema_field_t parameter_fields[] = {
	TEXT("name", MUST, doc_parameter, name),
	MAP("about", MUST, doc_parameter, about, text_fields),
	LIST("value", MUST, doc_parameter, value, value_count, &text, LIMIT_SHEET_LIST),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t parameter = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct doc_parameter, parameter_fields),
};

static const cyaml_schema_field_t fail_fields[] = {
	TEXT("rule", MUST, doc_fail, rule),
	TEXT("of", MAY, doc_fail, of),
	NUMBER("allowed_percent", MAY, doc_fail, allowed_percent),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t fail = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct doc_fail, fail_fields),
};

static const cyaml_schema_field_t need_fields[] = {
	TEXT("subject", MUST, doc_need, subject),
	NUMBER("percent", MAY, doc_need, percent),
	WORD("below", MAY, doc_need, below, below_words),
	WORD("may_be_empty", MAY, doc_need, may_be_empty, bool_words),
	WORD("even_if_absent", MAY, doc_need, even_if_absent, bool_words),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t need = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct doc_need, need_fields),
};

static const cyaml_schema_field_t na_fields[] = {
	TEXT("code", MUST, doc_na, code),
	TEXT("absent", MAY, doc_na, absent),
	TEXT("ja", MUST, doc_na, ja),
	TEXT("en", MUST, doc_na, en),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t na = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct doc_na, na_fields),
};

static const cyaml_schema_field_t common_fields[] = {
	WORD("method", MUST, doc_common, method, method_words),
	LIST("needs", MUST, doc_common, needs, needs_count, &need, LIMIT_SHEET_LIST),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t common = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct doc_common, common_fields),
};

static const cyaml_schema_field_t overlap_fields[] = {
	TEXT("id", MUST, doc_overlap, id),
	MAP("flaw", MUST, doc_overlap, flaw, text_fields),
	LIST("owner_order", MUST, doc_overlap, owner_order, owner_order_count, &text,
	     LIMIT_SHEET_LIST),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t overlap = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct doc_overlap, overlap_fields),
};

static const cyaml_schema_field_t refs_fields[] = {
	TEXTS("owasp_isvs_1_0", MAY, doc_refs, isvs),
	TEXTS("etsi_en_303_645", MAY, doc_refs, en303645),
	TEXTS("owasp_iot_top10_2018", MAY, doc_refs, owasp_top10),
	TEXTS("iec62443_4_2", MAY, doc_refs, iec_4_2),
	TEXTS("iec62443_4_1", MAY, doc_refs, iec_4_1),
	TEXTS("jc_star_1", MAY, doc_refs, jc_star),
	TEXTS("nist", MAY, doc_refs, nist),
	TEXTS("eu_cra", MAY, doc_refs, cra),
	CYAML_FIELD_END,
};

/* What both sheets say of an item. */
#define ITEM_FIELDS                                                                                \
	TEXT("id", MUST, doc_item, id), MAP("title", MUST, doc_item, title, text_fields),          \
		MAP("requirement", MUST, doc_item, requirement, text_fields),                      \
		WORD("intended", MUST, doc_item, intended, decided_words),                         \
		WORD("decided_by", MUST, doc_item, decided_by, decided_words),                     \
		LIST("fails_on", MAY, doc_item, fails, fails_count, &fail, LIMIT_SHEET_LIST),      \
		LIST("needs", MAY, doc_item, needs, needs_count, &need, LIMIT_SHEET_LIST),         \
		LIST("not_applicable", MAY, doc_item, na, na_count, &na, LIMIT_SHEET_LIST),        \
		LIST("cwe", MAY, doc_item, cwe, cwe_count, &number, LIMIT_SHEET_LIST),             \
		WORDS("targets", MUST, doc_item, targets, target_words),                           \
		MAP("refs", MAY, doc_item, refs, refs_fields)

static const cyaml_schema_field_t vulnerability_item_fields[] = {
	ITEM_FIELDS,
	WORD("method", MUST, doc_item, method, method_words),
	TEXT("check", MUST, doc_item, check),
	TEXTS("inputs", MAY, doc_item, inputs),
	WORDS("sectors", MUST, doc_item, sectors, sector_words),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t vulnerability_item = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct doc_item, vulnerability_item_fields),
};

static const cyaml_schema_field_t class_basis_fields[] = {
	TEXT("from", MAY, doc_class_basis, from),
	TEXT("reason", MUST, doc_class_basis, reason),
	TEXT("status", MUST, doc_class_basis, status),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t tool_inputs_fields[] = {
	TEXTS("decides", MAY, doc_tool_inputs, decides),
	TEXTS("supports", MAY, doc_tool_inputs, supports),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t iot_item_fields[] = {
	ITEM_FIELDS,
	TEXT("pillar", MUST, doc_item, pillar),
	TEXT("tier", MUST, doc_item, tier),
	TEXTS("phases", MUST, doc_item, phases),
	NUMBER("class_min", MUST, doc_item, class_min),
	MAP("class_basis", MUST, doc_item, class_basis, class_basis_fields),
	TEXTS("inspected_by", MUST, doc_item, inspected_by),
	MAP("inputs", MAY, doc_item, tool_inputs, tool_inputs_fields),
	TEXTS("evidence", MUST, doc_item, evidence),
	TEXTS("shares_finding_with", MAY, doc_item, shares),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t iot_item = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct doc_item, iot_item_fields),
};

static const cyaml_schema_field_t rule_fields[] = {
	TEXT("id", MUST, doc_rule, id),
	WORD("severity", MUST, doc_rule, severity, severity_words),
	LIST("cwe", MAY, doc_rule, cwe, cwe_count, &number, LIMIT_SHEET_LIST),
	MAP("title", MUST, doc_rule, title, text_fields),
	MAP("action", MUST, doc_rule, action, text_fields),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t rule = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct doc_rule, rule_fields),
};

static const cyaml_schema_field_t grade_fields[] = {
	NUMBER("bronze", MUST, doc_grade, bronze),
	NUMBER("silver", MUST, doc_grade, silver),
	NUMBER("gold", MUST, doc_grade, gold),
	CYAML_FIELD_END,
};

#define DOCUMENT_FIELDS                                                                            \
	TEXT("edition", MUST, document, edition), TEXT("end_of", MUST, document, end_of),          \
		MAP("name", MUST, document, name, text_fields),                                    \
		LIST("about", MAY, document, about, about_count, &both, LIMIT_SHEET_LIST)

#define NAMED(key, flags, member)                                                                  \
	LIST(key, flags, document, member, member##_count, &named, LIMIT_SHEET_LIST)

static const cyaml_schema_field_t vulnerability_fields[] = {
	DOCUMENT_FIELDS,
	NAMED("methods", MAY, methods),
	NAMED("result_values", MAY, result_values),
	MAP("grade", MUST, document, grade, grade_fields),
	LIST("grade_notes", MAY, document, grade_notes, grade_notes_count, &both, LIMIT_SHEET_LIST),
	LIST("optional_gates", MAY, document, optional_gates, optional_gates_count, &both,
	     LIMIT_SHEET_LIST),
	LIST("parameters", MAY, document, parameters, parameters_count, &parameter,
	     LIMIT_SHEET_LIST),
	NAMED("definitions", MAY, definitions),
	LIST("common_needs", MAY, document, common_needs, common_needs_count, &common, METHOD_N),
	LIST("overlap_groups", MAY, document, overlap_groups, overlap_groups_count, &overlap,
	     LIMIT_SHEET_ITEMS),
	LIST("items", MUST, document, items, items_count, &vulnerability_item, LIMIT_SHEET_ITEMS),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t iot_fields[] = {
	DOCUMENT_FIELDS,
	NAMED("pillars", MUST, pillars),
	NAMED("phases", MAY, phases),
	NAMED("evidence_kinds", MAY, evidence_kinds),
	LIST("items", MUST, document, items, items_count, &iot_item, LIMIT_SHEET_ITEMS),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t rules_fields[] = {
	DOCUMENT_FIELDS,
	LIST("rules", MUST, document, rules, rules_count, &rule, LIMIT_SHEET_ITEMS),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t schema_vulnerability = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct document, vulnerability_fields),
};
const cyaml_schema_value_t schema_iot = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct document, iot_fields),
};
const cyaml_schema_value_t schema_rules = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct document, rules_fields),
};
