// SPDX-License-Identifier: Apache-2.0
// SBOM and VEX documents, hand-written: what is read from each, and that no damage breaks a reader.

#include "scene_double.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

static const char cyclonedx[] =
	"{\"vulnerabilities\":[{\"id\":\"CVE-2021-28831\",\"affects\":[{\"ref\":\"a\"},"
	"{\"ref\":\"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Anpm%2Fz%401\"}],"
	"\"analysis\":{\"state\":\"not_affected\",\"justification\":\"code_not_reachable\","
	"\"detail\":\"off\"}}],\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\",\"metadata\":{"
	"\"timestamp\":\"2026-01-02T03:04:05Z\",\"authors\":[{\"name\":\"ACME\"}],"
	"\"component\":{\"type\":\"firmware\",\"name\":\"camera\"}},\"components\":["
	"{\"type\":\"library\",\"bom-ref\":\"a\",\"name\":\"busybox\",\"version\":\"1.30.1\","
	"\"purl\":\"pkg:generic/busybox@1.30.1\",\"cpe\":\"cpe:/a:busybox:busybox:1.30.1\","
	"\"supplier\":{\"name\":\"S\"},\"components\":[{\"type\":\"library\",\"name\":"
	"\"in\\u006eer\","
	"\"version\":\"2;$(x)\"}]},{\"type\":\"file\",\"name\":\"/etc/passwd\"}]}";

static const char cyclonedx_xml[] =
	"<?xml version=\"1.0\"?><bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\" version=\"1\">"
	"<metadata><timestamp>2026-01-02T03:04:05Z</timestamp><authors><author><name>ACME</name>"
	"</author></authors><component type=\"firmware\"><name>camera</name></component></metadata>"
	"<components><component type=\"library\" bom-ref=\"a\"><supplier><name>S</name></supplier>"
	"<name>busybox</name><version>1.30.1</version><cpe>cpe:/a:busybox:busybox:1.30.1</cpe>"
	"<purl>pkg:generic/busybox@1.30.1</purl><components><component type=\"library\">"
	"<name>in&#110;er</name><version>2;$(x)</version></component></components></component>"
	"<component type=\"file\"><name>/etc/passwd</name></component></components>"
	"<vulnerabilities><vulnerability><id>CVE-2021-28831</id><analysis><state>not_affected"
	"</state><justification>code_not_reachable</justification><detail>off</detail></analysis>"
	"<affects><target><ref>a</ref></target><target><ref>pkg:npm/z@1</ref></target></affects>"
	"</vulnerability></vulnerabilities></bom>";

static const char spdx[] =
	"{\"SPDXID\":\"SPDXRef-DOCUMENT\",\"spdxVersion\":\"SPDX-2.3\",\"packages\":["
	"{\"SPDXID\":\"SPDXRef-root\",\"name\":\"camera\"},{\"SPDXID\":\"SPDXRef-1\","
	"\"name\":\"busybox\",\"versionInfo\":\"1.30.1\",\"supplier\":\"Organization: S (a@b.c)\","
	"\"externalRefs\":[{\"referenceCategory\":\"SECURITY\",\"referenceType\":\"cpe23Type\","
	"\"referenceLocator\":\"cpe:2.3:a:busybox:busybox:1.30.1:*:*:*:*:*:*:*\"},"
	"{\"referenceCategory\":\"PACKAGE-MANAGER\",\"referenceType\":\"purl\","
	"\"referenceLocator\":\"pkg:generic/busybox@1.30.1\"}]},{\"SPDXID\":\"SPDXRef-2\","
	"\"name\":\"inner\",\"versionInfo\":\"2;$(x)\",\"supplier\":\"NOASSERTION\"}],"
	"\"relationships\":[{\"spdxElementId\":\"SPDXRef-DOCUMENT\",\"relationshipType\":"
	"\"DESCRIBES\",\"relatedSpdxElement\":\"SPDXRef-root\"}]}";

static const char spdx_tags[] =
	"# made by hand\nSPDXVersion: SPDX-2.2\nDataLicense: CC0-1.0\n\nPackageName: camera\n"
	"SPDXID: SPDXRef-root\n\nPackageName: busybox\nSPDXID: SPDXRef-1\nPackageVersion: 1.30.1\n"
	"PackageSupplier: Organization: S (a@b.c)\nPackageComment: <text>PackageName: no\n"
	"PackageVersion: 9</text>\nExternalRef: SECURITY cpe23Type "
	"cpe:2.3:a:busybox:busybox:1.30.1:*:*:*:*:*:*:*\n"
	"ExternalRef: PACKAGE-MANAGER purl pkg:generic/busybox@1.30.1\n\nPackageName: inner\n"
	"SPDXID: SPDXRef-2\nPackageVersion: 2;$(x)\nPackageSupplier: NOASSERTION\n\n"
	"FileName: ./x\nSPDXID: SPDXRef-9\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-root\n";

static const char openvex[] =
	"{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"@id\":\"https://x/"
	"1\",\"author\":\"ACME\","
	"\"timestamp\":\"2026-01-02T00:00:00Z\",\"version\":1,\"statements\":[{\"vulnerability\":"
	"{\"name\":\"GHSA-1\",\"aliases\":[\"CVE-2021-28831\"]},\"products\":[{\"@id\":\"camera\","
	"\"subcomponents\":[{\"@id\":\"x\",\"identifiers\":{\"purl\":\"pkg:generic/"
	"busybox@1.30.1\"}},"
	"{\"@id\":\"pkg:npm/z@1\"}]}],\"status\":\"not_affected\",\"justification\":"
	"\"vulnerable_code_not_in_execute_path\",\"impact_statement\":\"off\"},{\"vulnerability\":"
	"\"CVE-2022-1\",\"products\":[\"camera@1\"],\"status\":\"affected\",\"action_statement\":"
	"\"update\",\"action_statement_timestamp\":\"2026-06-30T00:00:00Z\"},{\"vulnerability\":"
	"\"CVE-2022-2\",\"status\":\"fixed\"}]}";

static const char csaf[] =
	"{\"document\":{\"category\":\"csaf_vex\",\"csaf_version\":\"2.0\",\"publisher\":{\"name\":"
	"\"ACME\"},\"tracking\":{\"current_release_date\":\"2026-01-02T00:00:00Z\"}},"
	"\"vulnerabilities\":[{\"cve\":\"CVE-2021-28831\",\"flags\":[{\"label\":"
	"\"vulnerable_code_not_in_execute_path\",\"group_ids\":[\"G\"]}],\"threats\":[{"
	"\"category\":"
	"\"impact\",\"details\":\"off\",\"product_ids\":[\"P1\",\"P2\"]}],\"product_status\":{"
	"\"known_not_affected\":[\"P1\",\"P2\"],\"known_affected\":[\"P3\"]},\"remediations\":[{"
	"\"category\":\"mitigation\",\"details\":\"update\",\"date\":\"2026-06-30T00:00:00Z\","
	"\"product_ids\":[\"P3\"]}]}],\"product_tree\":{\"relationships\":[{\"category\":"
	"\"default_component_of\",\"full_product_name\":{\"product_id\":\"P1\",\"name\":\"b in "
	"c\"},"
	"\"product_reference\":\"B\",\"relates_to_product_reference\":\"P3\"}],\"branches\":[{"
	"\"branches\":[{\"category\":\"product_version\",\"name\":\"1\",\"product\":{\"product_"
	"id\":"
	"\"P3\",\"name\":\"Camera one\"}}],\"category\":\"product_name\",\"name\":\"camera\"}],"
	"\"full_product_names\":[{\"product_id\":\"B\",\"name\":\"b\","
	"\"product_identification_helper\":{\"purl\":\"pkg:generic/busybox@1.30.1\"}},"
	"{\"product_id\":\"P2\",\"name\":\"z\",\"product_identification_helper\":{\"purl\":"
	"\"pkg:npm/"
	"z@1\"}}],\"product_groups\":[{\"group_id\":\"G\",\"product_ids\":[\"P1\",\"P2\"]}]}}";

/* What the auction says, then the inspector; `is_inside`: the document lies in a tree. */
static struct stage *read_in(struct slice in, const char *format, bool is_inside)
{
	struct stage *s = stage_new();
	struct bid bid = {0};
	const struct format *f = format_auction(in, BID_MAGIC, &bid);

	if (format) {
		assert_non_null(f);
		assert_string_equal(f->name, format);
		assert_int_equal(bid.size, in.len);
	}
	stage_object(s, &inspector_documents,
		     &(struct stage_file){.path = "/x", .bytes = in, .format = f}, !is_inside);
	return s;
}

static const struct decision *decision_on(const struct stage *s, const char *id,
					  const char *product)
{
	for (size_t i = 0; i < s->emitter.n; i++) {
		const struct fact *f = &s->emitter.facts[i];

		if (f->kind == FACT_DECISION && slice_is(f->decision.id, id) &&
		    slice_is(f->decision.product, product))
			return &f->decision;
	}
	return NULL;
}

static size_t count(const struct stage *s, enum fact_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < s->emitter.n; i++)
		n += s->emitter.facts[i].kind == kind;
	return n;
}

static void check_components(const char *text, const char *format, const char *where)
{
	struct stage *s = read_in(slice_text(text), format, false);
	const struct component *c = stage_component(s, "busybox");

	assert_int_equal(count(s, FACT_COMPONENT), 2);
	assert_non_null(c);
	assert_true(slice_is(c->version, "1.30.1"));
	assert_true(slice_is(c->purl, "pkg:generic/busybox@1.30.1"));
	assert_true(slice_is(c->cpe, "cpe:2.3:a:busybox:busybox:1.30.1:*:*:*:*:*:*:*"));
	assert_true(slice_is(c->supplier, "S"));
	assert_true(slice_is(c->method, "sbom"));
	assert_true(slice_is(c->location, where));
	c = stage_component(s, "inner");
	assert_non_null(c);
	assert_true(slice_is(c->version, "2;$(x)"));
	assert_int_equal(c->supplier.len, 0);
	assert_int_equal(stage_skips(s, "documents"), 0);
	assert_int_equal(stage_seen(s, "documents"), 1);
	assert_int_equal(stage_seen(s, "sbom-components"), 2);
	assert_int_equal(stage_total(s, "sbom-components"), 2);
	stage_free(s);
}

static void reads_components(void **state)
{
	(void)state;
	check_components(cyclonedx, "cyclonedx", "components[0]");
	check_components(cyclonedx_xml, "cyclonedx-xml", "components[0]");
	check_components(spdx, "spdx", "SPDXRef-1");
	check_components(spdx_tags, "spdx-tag", "SPDXRef-1");
}

static void check_decisions(const char *text, const char *format)
{
	static const char *const products[] = {"pkg:generic/busybox@1.30.1", "pkg:npm/z@1"};
	struct stage *s = read_in(slice_text(text), format, false);

	for (size_t i = 0; i < ARRAY_LEN(products); i++) {
		const struct decision *d = decision_on(s, "CVE-2021-28831", products[i]);

		if (!d)
			stage_print(s);
		assert_non_null(d);
		assert_int_equal(d->status, VEX_NOT_AFFECTED);
		assert_true(slice_is(d->justification, "vulnerable_code_not_in_execute_path"));
		assert_true(slice_is(d->statement, "off"));
		assert_true(slice_is(d->author, "ACME"));
		assert_true(slice_is(d->date, "2026-01-02"));
	}
	assert_int_equal(stage_skips(s, "documents"), 0);
	assert_int_equal(stage_seen(s, "vex-statements"), count(s, FACT_DECISION));
	stage_free(s);
	/* the product does not judge itself */
	s = read_in(slice_text(text), format, true);
	assert_int_equal(count(s, FACT_DECISION), 0);
	stage_free(s);
}

static void reads_decisions(void **state)
{
	(void)state;
	check_decisions(cyclonedx, "cyclonedx");
	check_decisions(cyclonedx_xml, "cyclonedx-xml");
	check_decisions(openvex, "openvex");
	check_decisions(csaf, "csaf");
}

static void reads_plans(void **state)
{
	struct stage *s = read_in(slice_text(openvex), "openvex", false);
	const struct decision *d = decision_on(s, "CVE-2022-1", "camera@1");

	(void)state;
	assert_non_null(d);
	assert_int_equal(d->status, VEX_AFFECTED);
	assert_true(slice_is(d->statement, "update"));
	assert_true(slice_is(d->date, "2026-06-30"));
	d = decision_on(s, "CVE-2022-2", "");
	assert_non_null(d);
	assert_int_equal(d->status, VEX_FIXED);
	stage_free(s);
	s = read_in(slice_text(csaf), "csaf", false);
	d = decision_on(s, "CVE-2021-28831", "camera@1");
	assert_non_null(d);
	assert_int_equal(d->status, VEX_AFFECTED);
	assert_true(slice_is(d->statement, "update"));
	assert_true(slice_is(d->date, "2026-06-30"));
	stage_free(s);
}

static void check_refused(const char *text, const char *words)
{
	struct stage *s = read_in(slice_text(text), NULL, false);

	assert_true(stage_skips(s, "documents") > 0);
	if (!stage_mentions(s, words)) {
		stage_print(s);
		fail_msg("%s is not said", words);
	}
	stage_free(s);
}

#define CDX "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\","

static void says_what_is_wrong(void **state)
{
	(void)state;
	check_refused(CDX "\n\"components\":[{\"name\":}]}", "line 2, column 23, byte ");
	check_refused(CDX "\"components\":[],\"components\":[]}", "a key that was there before");
	check_refused(CDX "\"components\":{}}", "an array was expected");
	check_refused(CDX "\"components\":[{\"name\":\"\xff\"}]}", "not UTF-8");
	check_refused(CDX "\"components\":[{\"version\":\"1\"}]}", "a component without a name");
	check_refused(CDX "\"components\":[{\"name\":\"x\",\"cpe\":\"cpe:2.3:q\"}]}",
		      "components[0]");
	check_refused("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"3.0\"}", "specVersion");
	check_refused(CDX "\"vulnerabilities\":[{\"id\":\"C\",\"analysis\":{\"state\":\"q\"}}]}",
		      "no such status: q");
	check_refused("SPDXVersion: SPDX-2.3\nPackageName x\n", "line 2");
	check_refused("SPDXVersion: SPDX-2.3\nPackageComment: <text>x\n", "line 2");
	check_refused("<!DOCTYPE b [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
		      "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"><a>&a;</a></bom>",
		      "a document type, and with it entities, is refused");
	check_refused("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"><a>", "line 1");
}

/* 100 kB of version: the component stays, its version is unknown, and both are said. */
static void long_versions_are_not_cut(void **state)
{
	struct stage *s;
	struct buf b;

	(void)state;
	buf_init(&b, 1 * MiB);
	buf_text(&b, CDX "\"components\":[{\"name\":\"x\",\"version\":\"");
	for (size_t i = 0; i < 100000; i++)
		buf_byte(&b, '1');
	buf_text(&b, "\"}]}");
	s = read_in(buf_slice(&b), "cyclonedx", false);
	assert_non_null(stage_component(s, "x"));
	assert_int_equal(stage_component(s, "x")->version.len, 0);
	assert_int_equal(stage_skips(s, "documents"), 1);
	stage_free(s);
	buf_release(&b);
}

/* The stage holds 16,384 facts: bad entries must not become a fact each. */
static void bad_entries_are_counted(void **state)
{
	struct stage *s;
	struct buf b;

	(void)state;
	buf_init(&b, 4 * MiB);
	buf_text(&b, CDX "\"components\":[{}");
	for (size_t i = 0; i < 50000; i++)
		buf_text(&b, ",{}");
	buf_text(&b, "]}");
	s = read_in(buf_slice(&b), "cyclonedx", false);
	assert_int_equal(stage_skips(s, "documents"), LIMIT_DOCUMENT_SKIPS + 1);
	assert_int_equal(stage_seen(s, "sbom-components"), 0);
	assert_int_equal(stage_total(s, "sbom-components"), 50001);
	stage_free(s);
	buf_release(&b);
}

static void read_damaged(struct slice in)
{
	stage_free(read_in(in, NULL, false));
}

static void no_damage_breaks_a_reader(void **state)
{
	static const char *const all[] = {cyclonedx, cyclonedx_xml, spdx, spdx_tags, openvex, csaf};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		sweep_damage(slice_text(all[i]), read_damaged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_components),
		cmocka_unit_test(reads_decisions),
		cmocka_unit_test(reads_plans),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(long_versions_are_not_cut),
		cmocka_unit_test(bad_entries_are_counted),
		cmocka_unit_test(no_damage_breaks_a_reader),
	};

	return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
