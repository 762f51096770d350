// SPDX-License-Identifier: Apache-2.0
// The words of VEX: those of CycloneDX 1.6 (vulnerabilities[].analysis) against OpenVEX 0.2.0.

#include "model/model.h"

#include "base/ban.h"

struct pair {
	const char *theirs; /* CycloneDX */
	const char *ours;   /* OpenVEX */
};

/* The first row with a word of ours is the one that is written. */
static const struct pair justifications[] = {
	{"code_not_present", "vulnerable_code_not_present"},
	{"code_not_present", "component_not_present"},
	{"code_not_reachable", "vulnerable_code_not_in_execute_path"},
	{"requires_environment", "vulnerable_code_cannot_be_controlled_by_adversary"},
	{"requires_configuration", "vulnerable_code_cannot_be_controlled_by_adversary"},
	{"requires_dependency", "vulnerable_code_cannot_be_controlled_by_adversary"},
	{"protected_by_mitigating_control", "inline_mitigations_already_exist"},
	{"protected_by_compiler", "inline_mitigations_already_exist"},
	{"protected_at_runtime", "inline_mitigations_already_exist"},
	{"protected_at_perimeter", "inline_mitigations_already_exist"},
};

static const struct {
	const char *word;
	enum vex_status status;
} states[] = {
	{"not_affected", VEX_NOT_AFFECTED},    {"false_positive", VEX_NOT_AFFECTED},
	{"exploitable", VEX_AFFECTED},         {"resolved", VEX_FIXED},
	{"resolved_with_pedigree", VEX_FIXED}, {"in_triage", VEX_INVESTIGATING},
};

bool vex_state_read(struct slice state, enum vex_status *out)
{
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (slice_is(state, states[i].word)) {
			*out = states[i].status;
			return true;
		}
	return false;
}

const char *vex_state_name(enum vex_status s)
{
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (states[i].status == s)
			return states[i].word;
	return "in_triage";
}

struct slice vex_justification_read(struct slice word)
{
	for (size_t i = 0; i < ARRAY_LEN(justifications); i++)
		if (slice_is(word, justifications[i].theirs))
			return slice_text(justifications[i].ours);
	return (struct slice){0};
}

const char *vex_justification_name(struct slice openvex)
{
	for (size_t i = 0; i < ARRAY_LEN(justifications); i++)
		if (slice_is(openvex, justifications[i].ours))
			return justifications[i].theirs;
	return "";
}

bool vex_is_justification(struct slice word)
{
	return vex_justification_name(word)[0] != '\0';
}
