// SPDX-License-Identifier: Apache-2.0
// SBOM and VEX documents, known by what they say of themselves: CycloneDX (ECMA-424) as JSON and
// XML, SPDX 2 as JSON and tag-value, OpenVEX 0.2, CSAF 2.0. They are leaves: who wants their
// contents reads them whole.

#include "format/format.h"

#include <stdio.h>

#include "base/ban.h"

enum { PROBE = 4096, PROBE_BROKEN = 1024 * 1024 };

enum paper { PAPER_NONE, PAPER_CYCLONEDX, PAPER_SPDX, PAPER_OPENVEX, PAPER_CSAF };

/* A document of CSAF 2.0 says so in /document/csaf_version. */
static bool has_csaf_version(struct jsonr *j)
{
	struct slice key = {0};

	if (jsonr_kind(j) != JSON_KIND_OBJECT || !jsonr_enter(j, JSON_KIND_OBJECT))
		return false;
	while (jsonr_key(j, &key)) {
		if (slice_is(key, "csaf_version"))
			return true;
		(void)jsonr_skip(j);
	}
	return false;
}

/* "@context" is a text or a list of them. */
static bool has_openvex(struct jsonr *j)
{
	struct slice at = slice_from(j->in, jsonr_skip(j));

	return slice_find(slice_head(at, 256), slice_text("openvex"), 0) != SLICE_NONE;
}

static enum paper paper_of_key(struct jsonr *j, struct slice key)
{
	if (slice_is(key, "bomFormat") && jsonr_kind(j) == JSON_KIND_TEXT)
		return slice_is(jsonr_text(j), "CycloneDX") ? PAPER_CYCLONEDX : PAPER_NONE;
	if (slice_is(key, "spdxVersion") && jsonr_kind(j) == JSON_KIND_TEXT)
		return slice_starts(jsonr_text(j), "SPDX-2") ? PAPER_SPDX : PAPER_NONE;
	if (slice_is(key, "@context"))
		return has_openvex(j) ? PAPER_OPENVEX : PAPER_NONE;
	if (slice_is(key, "document"))
		return has_csaf_version(j) ? PAPER_CSAF : PAPER_NONE;
	(void)jsonr_skip(j);
	return PAPER_NONE;
}

/* What a document that is broken before the key that tells is meant to be: its reader says where it
 * breaks. To call it no document would hide it. */
static enum paper paper_of_words(struct slice in)
{
	static const struct {
		enum paper paper;
		const char *key, *value;
	} rows[] = {
		{PAPER_CYCLONEDX, "\"bomFormat\"", "\"CycloneDX\""},
		{PAPER_SPDX, "\"spdxVersion\"", "\"SPDX-2"},
		{PAPER_OPENVEX, "\"@context\"", "openvex.dev/ns"},
		{PAPER_CSAF, "\"document\"", "\"csaf_version\""},
	};
	struct slice start = slice_head(in, PROBE_BROKEN);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (slice_find(start, slice_text(rows[i].key), 0) != SLICE_NONE &&
		    slice_find(start, slice_text(rows[i].value), 0) != SLICE_NONE)
			return rows[i].paper;
	return PAPER_NONE;
}

/* The first key that tells decides; what follows it may be broken, a reader will say so. */
static enum paper paper_of(struct slice in)
{
	enum paper p = PAPER_NONE;
	struct slice key = {0};
	struct arena a;
	struct jsonr j;

	arena_init(&a, 1 * MiB);
	jsonr_init(&j, in, &a);
	if (jsonr_kind(&j) == JSON_KIND_OBJECT && jsonr_enter(&j, JSON_KIND_OBJECT))
		while (p == PAPER_NONE && jsonr_key(&j, &key))
			p = paper_of_key(&j, key);
	if (p == PAPER_NONE && j.err && slice_starts(text_trim(slice_head(in, PROBE)), "{"))
		p = paper_of_words(in);
	arena_release(&a);
	return p;
}

static enum err bid_whole(struct slice in, bool is_one, const char *how, struct bid *out)
{
	if (!is_one)
		return E_MAGIC;
	*out = (struct bid){.score = BID_STRUCTURE, .size = in.len};
	(void)snprintf(out->how, sizeof out->how, "%s", how);
	return OK;
}

static enum err cyclonedx_bid(struct slice in, struct bid *out, struct fault *why)
{
	(void)why;
	return bid_whole(in, paper_of(in) == PAPER_CYCLONEDX, "bomFormat CycloneDX", out);
}

static enum err spdx_bid(struct slice in, struct bid *out, struct fault *why)
{
	(void)why;
	return bid_whole(in, paper_of(in) == PAPER_SPDX, "spdxVersion SPDX-2", out);
}

static enum err openvex_bid(struct slice in, struct bid *out, struct fault *why)
{
	(void)why;
	return bid_whole(in, paper_of(in) == PAPER_OPENVEX, "@context of OpenVEX", out);
}

static enum err csaf_bid(struct slice in, struct bid *out, struct fault *why)
{
	(void)why;
	return bid_whole(in, paper_of(in) == PAPER_CSAF, "csaf_version", out);
}

static enum err cyclonedx_xml_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct slice start = slice_head(in, PROBE);
	size_t at = slice_starts(in, "\xef\xbb\xbf") ? 3 : 0;
	bool is_xml = slice_at(in, at) == '<';

	(void)why;
	return bid_whole(in,
			 is_xml && slice_find(start, slice_text("cyclonedx.org/schema/bom/"), 0) !=
					   SLICE_NONE,
			 "name space of CycloneDX", out);
}

/* SPDX 2.3, clause 6.1: the first tag, behind comments at most. */
static enum err spdx_tag_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct slice rest = slice_head(in, PROBE), line = {0};

	(void)why;
	if (slice_starts(rest, "\xef\xbb\xbf"))
		rest = slice_from(rest, 3);
	while (text_line(&rest, &line)) {
		line = text_trim(line);
		if (line.len && !slice_starts(line, "#"))
			break;
	}
	return bid_whole(in, slice_starts(line, "SPDXVersion:"), "tag SPDXVersion", out);
}

const struct format format_cyclonedx = {
	.name = "cyclonedx", .type = ART_FILE, .is_document = true, .bid = cyclonedx_bid};
const struct format format_cyclonedx_xml = {
	.name = "cyclonedx-xml", .type = ART_FILE, .is_document = true, .bid = cyclonedx_xml_bid};
const struct format format_spdx = {
	.name = "spdx", .type = ART_FILE, .is_document = true, .bid = spdx_bid};
const struct format format_spdx_tag = {
	.name = "spdx-tag", .type = ART_FILE, .is_document = true, .bid = spdx_tag_bid};
const struct format format_openvex = {
	.name = "openvex", .type = ART_FILE, .is_document = true, .bid = openvex_bid};
const struct format format_csaf = {
	.name = "csaf", .type = ART_FILE, .is_document = true, .bid = csaf_bid};
