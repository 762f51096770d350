// SPDX-License-Identifier: Apache-2.0
// Importers: what each makes of a record, and what damaged files make of them.

#include "support.h"

#include <string.h>

#include "importing.h"

#include "base/ban.h"

static void expect(const char *file, const char *const *lines)
{
	struct said s;

	said_import(&s, slice_text(file));
	assert_int_equal(s.err, OK);
	for (; *lines; lines++)
		assert_true(said_has(&s, *lines));
	said_release(&s);
}

#define EXPECT(file, ...) expect(file, (const char *const[]){__VA_ARGS__, NULL})

static void refuse(const char *file, enum err e, uint64_t at)
{
	struct said s;

	said_import(&s, slice_text(file));
	assert_int_equal(s.err, e);
	assert_int_equal(s.why.at, at);
	said_release(&s);
}

#define NVD_BEGIN                                                                                  \
	"{\"resultsPerPage\":1,\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-2021-1\","              \
	"\"published\":\"2021-04-09T05:00Z\",\"lastModified\":\"2022-01-01T00:00:00.000\","        \
	"\"vulnStatus\":\"Analyzed\",\"odd\":{\"new\":[1e400,18446744073709551616]},"              \
	"\"descriptions\":[{\"lang\":\"en\",\"value\":\"Text \\u65e5\\ud83d\\ude00\"}],"
#define NVD_END "}}]}"
#define ONE                                                                                        \
	"\"configurations\":[{\"nodes\":[{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[{"    \
	"\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*\","          \
	"\"versionEndExcluding\":\"1.33.1\"}]}]}]"

static void nvd_versions(void **state)
{
	(void)state;
	EXPECT(NVD_BEGIN
	       "\"configurations\":[{\"nodes\":[{\"operator\":\"OR\",\"cpeMatch\":["
	       "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:v:p:*:*:*:*:*:*:*:*\","
	       "\"versionStartExcluding\":\"1.0\",\"versionEndIncluding\":\"2.0\"},"
	       "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:openbsd:openssh:7.4:p1:*:*:*:*:*:*\"}"
	       ","
	       "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:V\\\\:x:c\\\\+\\\\+:1.0\\\\~rc:-:*:*:"
	       "*:wordpress:*:*\"},"
	       "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:o:v:all:*:*:*:*:*:*:*:*\"},"
	       "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:h:v:none:-:*:*:*:*:*:*:*\"},"
	       "{\"vulnerable\":false,\"criteria\":\"cpe:2.3:h:v:not:-:*:*:*:*:*:*:*\"},"
	       "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:v:wild:1.*:*:*:*:*:*:*:*\"},"
	       "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:short\"}]}]}]" NVD_END,
	       "CVE-2021-1 nvd published=18726 modified=18993",
	       "text-en=Text \xe6\x97\xa5\xf0\x9f\x98\x80\n",
	       "  affected range a:v:p above=1.0 to=2.0\n",
	       "  affected exact a:openbsd:openssh from=7.4 update=p1\n",
	       "  affected exact a:v:x:c++ from=1.0~rc qualifier=target_sw=wordpress\n",
	       "  affected any o:v:all\n", "  affected none h:v:none\n",
	       "  affected any a:v:wild\n", "odd bad-version", "odd bad-cpe");
}

static void nvd_conditions(void **state)
{
	(void)state;
	/* the AND at the configuration, as API 2.0 has it */
	EXPECT(NVD_BEGIN "\"configurations\":[{\"operator\":\"AND\",\"nodes\":["
			 "{\"operator\":\"OR\",\"cpeMatch\":[{\"vulnerable\":true,\"criteria\":"
			 "\"cpe:2.3:o:v:fw:1.0:*:*:*:*:*:*:*\"}]},"
			 "{\"operator\":\"OR\",\"cpeMatch\":[{\"vulnerable\":false,\"criteria\":"
			 "\"cpe:2.3:h:v:box:-:*:*:*:*:*:*:*\"}]}]}]" NVD_END,
	       "  affected exact o:v:fw from=1.0 condition=h:v:box\n");
	/* at a node, both sides vulnerable: each is, whatever the other */
	EXPECT(NVD_BEGIN "\"configurations\":[{\"nodes\":[{\"operator\":\"AND\",\"cpeMatch\":["
			 "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:v:one:1:*:*:*:*:*:*:*\"},"
			 "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:v:two:2:*:*:*:*:*:*:*\"}]}]"
			 "}]" NVD_END,
	       "  affected exact a:v:one from=1\n", "  affected exact a:v:two from=2\n");
	/* "not on": no claim of its own, and told in the condition; more than three are hinted at
	 */
	EXPECT(NVD_BEGIN
	       "\"configurations\":[{\"operator\":\"AND\",\"nodes\":["
	       "{\"operator\":\"OR\",\"cpeMatch\":[{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:v:"
	       "p:1:*:*:*:*:*:*:*\"}]},"
	       "{\"operator\":\"OR\",\"negate\":true,\"cpeMatch\":[{\"vulnerable\":true,"
	       "\"criteria\":\"cpe:2.3:o:v:a:-:*:*:*:*:*:*:*\"},"
	       "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:o:v:b:-:*:*:*:*:*:*:*\"},{"
	       "\"vulnerable\":true,\"criteria\":\"cpe:2.3:o:v:c:-:*:*:*:*:*:*:*\"},"
	       "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:o:v:d:-:*:*:*:*:*:*:*\"}]}]}]" NVD_END,
	       "condition=not o:v:a, not o:v:b, not o:v:c, ...\n");
}

static void nvd_facts(void **state)
{
	struct said s;

	(void)state;
	EXPECT("{\"id\":\"CVE-2020-2\",\"vulnStatus\":\"Modified\",\"cveTags\":[{\"tags\":["
	       "\"disputed\"]}],"
	       "\"metrics\":{\"cvssMetricV31\":[{\"type\":\"Secondary\",\"cvssData\":{"
	       "\"baseScore\":5.5,\"vectorString\":\"CVSS:3.1/S\"}},"
	       "{\"type\":\"Primary\",\"cvssData\":{\"baseScore\":9.8,\"vectorString\":\"CVSS:3.1/"
	       "P\"}}],"
	       "\"cvssMetricV2\":[{\"type\":\"Primary\",\"cvssData\":{\"baseScore\":10,"
	       "\"vectorString\":\"AV:N\"}}]},"
	       "\"weaknesses\":[{\"description\":[{\"lang\":\"en\",\"value\":\"CWE-79\"},{\"lang\":"
	       "\"en\",\"value\":\"NVD-CWE-Other\"}]}],"
	       "\"_ssvc\":{\"Exploitation\":\"active\",\"Automatable\":\"yes\",\"Technical "
	       "Impact\":\"total\"},\"_kev\":true}",
	       "CVE-2020-2 nvd flags=214 v2=100 vector=AV:N v3=98 vector=CVSS:3.1/P cwe=CWE-79\n");
	/* Anchore's overrides have their id beside the record */
	EXPECT("{\"_annotation\":{\"cve_id\":\"CVE-1999-9\",\"published\":\"2003-03-26T05:00:00\","
	       "\"description\":\"d\"},\"cve\":{" ONE "}}",
	       "CVE-1999-9 nvd published=12137 text-en=d\n",
	       "range a:busybox:busybox below=1.33.1\n");
	said_import(&s, slice_text("{\"id\":\"CVE-2020-3\",\"vulnStatus\":\"Rejected\"," ONE "}"));
	assert_true(said_has(&s, "CVE-2020-3 nvd flags=1\n"));
	assert_int_equal(slice_find(buf_slice(&s.text), slice_text("affected"), 0), SLICE_NONE);
	said_release(&s);
}

static void nvd11(void **state)
{
	(void)state;
	EXPECT("{\"CVE_Items\":[{\"cve\":{\"CVE_data_meta\":{\"ID\":\"CVE-2019-1\"},"
	       "\"problemtype\":{\"problemtype_data\":[{\"description\":[{\"value\":\"CWE-20\"}]}]}"
	       ","
	       "\"description\":{\"description_data\":[{\"lang\":\"en\",\"value\":\"** DISPUTED ** "
	       "x\"}]}},\"configurations\":{\"nodes\":[{\"operator\":\"AND\",\"children\":["
	       "{\"operator\":\"OR\",\"cpe_match\":[{\"vulnerable\":true,\"cpe23Uri\":\"cpe:2.3:o:"
	       "v:fw:*:*:*:*:*:*:*:*\",\"versionEndExcluding\":\"2\"}]},"
	       "{\"operator\":\"OR\",\"cpe_match\":[{\"vulnerable\":false,\"cpe23Uri\":\"cpe:2.3:h:"
	       "v:hw:-:*:*:*:*:*:*:*\"}]}]}]},"
	       "\"impact\":{\"baseMetricV2\":{\"cvssV2\":{\"vectorString\":\"AV:N\",\"baseScore\":"
	       "5.0}}},\"publishedDate\":\"2019-01-02T05:00Z\"}]}",
	       "CVE-2019-1 nvd published=17898 flags=2 v2=50 vector=AV:N cwe=CWE-20",
	       "  affected range o:v:fw below=2 condition=h:v:hw\n");
}

#define CVE_BEGIN                                                                                  \
	"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2024-1\",\"state\":"        \
	"\"PUBLISHED\",\"datePublished\":\"2024-01-02T00:00:00Z\"},\"containers\":{\"cna\":{"      \
	"\"providerMetadata\":{\"shortName\":\"openssl\"},\"affected\":["
#define CVE_END "]}}}"

static void cve_versions(void **state)
{
	(void)state;
	EXPECT(CVE_BEGIN "{\"vendor\":\"Linux\",\"product\":\"Linux\",\"defaultStatus\":"
			 "\"unaffected\",\"programFiles\":[\"net/"
			 "a.c\"],\"versions\":[{\"version\":\"d2b4387f3bdf\",\"lessThan\":"
			 "\"1dc1d30ac101\",\"status\":\"affected\",\"versionType\":\"git\"}]},"
			 "{\"vendor\":\"Linux\",\"product\":\"Linux\",\"defaultStatus\":"
			 "\"affected\",\"versions\":[{\"version\":\"5.0\",\"status\":\"affected\"},"
			 "{\"version\":\"0\",\"lessThan\":\"5.0\",\"status\":\"unaffected\","
			 "\"versionType\":\"semver\"},"
			 "{\"version\":\"5.9.119\",\"lessThanOrEqual\":\"5.9.*\",\"status\":"
			 "\"unaffected\",\"versionType\":\"semver\"},"
			 "{\"version\":\"6.1\",\"lessThanOrEqual\":\"*\",\"status\":\"unaffected\","
			 "\"versionType\":\"original_commit_for_fix\"}]}" CVE_END,
	       "CVE-2024-1 openssl published=19724 file=net/a.c\n"
	       "  affected range o:linux:linux_kernel from=0\n"
	       "  unaffected range o:linux:linux_kernel below=5.0\n"
	       "  unaffected range o:linux:linux_kernel from=5.9.119 below=5.10\n"
	       "  unaffected range o:linux:linux_kernel from=6.1\n");
	EXPECT(CVE_BEGIN
	       "{\"vendor\":\"OpenSSL\",\"product\":\"OpenSSL\",\"versions\":[{\"version\":\"3.0."
	       "0\",\"lessThan\":\"3.0.9\",\"status\":\"affected\",\"changes\":[{\"at\":\"3.0.5\","
	       "\"status\":\"unaffected\"},{\"at\":\"3.0.7\",\"status\":\"affected\"}]},"
	       "{\"version\":\"1.0.2k\",\"status\":\"affected\"},{\"version\":\"< "
	       "0.9.8\",\"status\":\"affected\"},{\"version\":\">= 2.0, < "
	       "2.1\",\"status\":\"affected\"},{\"version\":\"see the "
	       "site\",\"status\":\"affected\"},{\"version\":\"whatever "
	       "else\",\"status\":\"unaffected\"}]}" CVE_END,
	       "  affected range a:openssl:openssl from=3.0.0 below=3.0.5\n"
	       "  unaffected range a:openssl:openssl from=3.0.5 below=3.0.7\n"
	       "  affected range a:openssl:openssl from=3.0.7 below=3.0.9\n",
	       "  affected exact a:openssl:openssl from=1.0.2k\n",
	       "  affected range a:openssl:openssl below=0.9.8\n",
	       "  affected range a:openssl:openssl from=2.0 below=2.1\n",
	       "  affected any a:openssl:openssl\n", "odd bad-version\nodd bad-version\n");
}

static void cve_adp(void **state)
{
	(void)state;
	EXPECT("{\"cveMetadata\":{\"cveId\":\"CVE-2024-2\",\"state\":\"PUBLISHED\"},\"containers\":"
	       "{\"cna\":{\"title\":\"T\",\"descriptions\":[{\"lang\":\"en-US\",\"value\":\"D\"}],"
	       "\"affected\":[{\"vendor\":\"n/a\",\"product\":\"n/"
	       "a\",\"versions\":[{\"version\":\"n/a\",\"status\":\"affected\"}]}]},"
	       "\"adp\":[{\"metrics\":[{\"cvssV3_1\":{\"baseScore\":7.5,\"vectorString\":\"CVSS:3."
	       "1/"
	       "X\"}},{\"other\":{\"type\":\"ssvc\",\"content\":{\"options\":[{\"Exploitation\":"
	       "\"poc\"},{\"Automatable\":\"no\"}]}}},{\"other\":{\"type\":\"kev\",\"content\":{"
	       "\"dateAdded\":\"2024-02-01\"}}}],"
	       "\"affected\":[{\"vendor\":\"x\",\"product\":\"y\",\"cpes\":[\"cpe:2.3:o:x:y:1.0:*:*"
	       ":*:*:*:*:*\",\"cpe:2.3:o:x:y:1.1:*:*:*:*:*:*:*\"],\"versions\":[{\"version\":\"0\","
	       "\"lessThanOrEqual\":\"1.1\",\"status\":\"affected\"}]}]}]}}",
	       "CVE-2024-2 cve kev=19754 flags=36 v3=75 vector=CVSS:3.1/X en=T text-en=D\n  "
	       "affected range o:x:y to=1.1\n");
}

static void osv(void **state)
{
	(void)state;
	EXPECT("[{\"id\":\"ALPINE-CVE-2021-1\",\"modified\":\"2021-01-02T00:00:00Z\",\"upstream\":["
	       "\"CVE-2021-1\"],\"affected\":[{\"package\":{\"ecosystem\":\"Alpine:v3.10\","
	       "\"name\":\"busybox\"},\"ranges\":[{\"type\":\"GIT\",\"events\":[{\"introduced\":"
	       "\"0\"}]},{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"},{\"fixed\":\"1."
	       "30.1-r4\"},{\"introduced\":\"1.31\"},{\"fixed\":\"1.32\"}]}],\"versions\":[\"1.0\"]"
	       "},"
	       "{\"package\":{\"ecosystem\":\"npm\",\"name\":\"@s/"
	       "N\"},\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"1.0.0\"},{"
	       "\"last_affected\":\"1.2.0\"}]}]}]}]",
	       "CVE-2021-1 osv modified=18629 alias=ALPINE-CVE-2021-1\n  affected range npm/@s/N "
	       "from=1.0.0 to=1.2.0\n",
	       "CVE-2021-1 alpine modified=18629 alias=ALPINE-CVE-2021-1\n"
	       "  affected range alpine:v3.10/busybox below=1.30.1-r4\n"
	       "  fixed range alpine:v3.10/busybox from=1.30.1-r4 below=1.31\n"
	       "  affected range alpine:v3.10/busybox from=1.31 below=1.32\n"
	       "  fixed range alpine:v3.10/busybox from=1.32\n");
	EXPECT("{\"id\":\"BIT-x-2020-1\",\"modified\":\"2020-01-01T00:00:00Z\",\"aliases\":[\"CVE-"
	       "2020-1\"],\"affected\":[{\"package\":{\"ecosystem\":\"Bitnami\",\"name\":\"x\"},"
	       "\"severity\":[{\"type\":\"CVSS_V3\",\"score\":\"CVSS:3.1/"
	       "Z\"}],\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"0\"}]}]}],"
	       "\"database_specific\":{\"cpes\":[\"cpe:2.3:a:x:x:*:*:*:*:*:*:*:*\"]}}\n"
	       "{\"id\":\"GHSA-1\",\"modified\":\"2020-01-01T00:00:00Z\",\"withdrawn\":\"2020-02-"
	       "01T00:00:00Z\",\"affected\":[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"w\"}}]}"
	       "{\"id\":\"OSV-1\",\"modified\":\"2020-01-01T00:00:00Z\",\"affected\":[{\"package\":"
	       "{\"ecosystem\":\"Ubuntu:22.04:LTS\",\"name\":\"p\"},\"ranges\":[{\"type\":\"GIT\","
	       "\"events\":[]}],\"versions\":[\"1.0-1\"]}]}",
	       "BIT-x-2020-1 osv modified=18262 vector=CVSS:3.1/Z alias=CVE-2020-1\n  affected "
	       "range bitnami/x from=0\n  affected range a:x:x from=0\n",
	       "GHSA-1 osv modified=18262 flags=1\n",
	       "OSV-1 ubuntu modified=18262\n  affected exact ubuntu:22.04/p from=1.0-1\n");
	EXPECT("{\"id\":\"CURL-CVE-2020-1\",\"modified\":\"2020-01-01T00:00:00Z\",\"affected\":[{"
	       "\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"7.1\"},{\"fixed\":"
	       "\"7.2\"}]}]}],\"database_specific\":{\"affects\":\"lib\",\"CWE\":{\"id\":\"CWE-1\"}"
	       "}}",
	       "CVE-2020-1 curl modified=18262 alias=CURL-CVE-2020-1 cwe=CWE-1\n  affected range "
	       "a:haxx:curl from=7.1 below=7.2\n  affected range a:haxx:libcurl from=7.1 "
	       "below=7.2\n");
}

static void exploited(void **state)
{
	(void)state;
	EXPECT("\xef\xbb\xbf{\"title\":\"KEV\",\"dateReleased\":\"2025-08-25T17:04:19.9796Z\","
	       "\"vulnerabilities\":[{\"cveID\":\"CVE-2025-1\",\"dateAdded\":\"2025-08-25\","
	       "\"vulnerabilityName\":\"N\",\"shortDescription\":\"S\","
	       "\"knownRansomwareCampaignUse\":\"Known\",\"cwes\":[\"CWE-59\"]}],\"count\":1}",
	       "date kev 2025-08-25\nCVE-2025-1 kev kev=20325 flags=12 cwe=CWE-59 en=N "
	       "text-en=S\n");
	EXPECT("{\"score_date\":\"2021-08-31T00:00:00+0000\",\"data\":[{\"id\":\"CVE-1\",\"epss\":"
	       "0.05885},{\"cve\":\"CVE-2\",\"epss\":\"1e-05\"},{\"cve\":\"CVE-3\",\"epss\":2}]}",
	       "date epss 2021-08-31\nCVE-1 epss epss=58850\n", "CVE-2 epss epss=10\n",
	       "odd bad-shape");
	EXPECT("#model_version:v2025.03.14,score_date:2025-04-02T12:55:00Z\ncve,epss,"
	       "percentile\nCVE-1999-0001,0.01298,0.7807\nCVE-1999-0002,1,1\n",
	       "date epss 2025-04-02\nCVE-1999-0001 epss epss=12980\n",
	       "CVE-1999-0002 epss epss=1000000\n");
}

static void lines(void **state)
{
	(void)state;
	EXPECT("CVE-2019-25160\tnet/ipv4/cipso_ipv4.c net/netlabel/x.c\nno id\n",
	       "CVE-2019-25160 kernel-files file=net/ipv4/cipso_ipv4.c file=net/netlabel/x.c\n",
	       "odd no-id");
	EXPECT("# page\n# first vulnerable version\n@vuln = (\n    "
	       "\"CVE-2000-0973.html|6.0|7.4|FTP Overflow|CVE-2000-0973|20001013||CWE-121: "
	       "Stack|0|FTP|OVERFLOW|both|critical\",\n"
	       "    "
	       "\"CVE-2026-12064.html|7.81.0|8.20.0|n|CVE-2026-12064|20260624|20260612|CWE-297: "
	       "I|0|SSH|-|tool|low|https://x\",\n    );\n",
	       "CVE-2000-0973 curl published=11243 cwe=CWE-121 en=FTP Overflow\n  affected range "
	       "a:haxx:curl from=6.0 to=7.4\n  affected range a:haxx:libcurl from=6.0 to=7.4\n",
	       "cwe=CWE-297 en=n\n  affected range a:haxx:curl from=7.81.0 to=8.20.0\n");
}

#define STARTER "#kensa-starter 1\n# words\n#source nvd 2021-04-09\n"

static void starter(void **state)
{
	(void)state;
	EXPECT(STARTER "CVE-2020-1\t2020-05-06\tnvd\tdrepat\t2.0/6.8/NMNPPP "
		       "3.1/8.1/NHNNUHHH 4.0/9.3/NLNNNHHHNNN\t2022-03-03\t295,79\ta/b.c d.c\t"
		       "a:v:p [,1.0) [1.1,1.2] (2,3) (4,] =5.0 =5.1.|1|2/rc1 * -\t"
		       "o:v:q ?target_sw=x &!h:a:b,h:c:d,... [,2)\n",
	       "date nvd 2021-04-09\n",
	       "CVE-2020-1 nvd published=18388 flags=242 v2=68 vector=AV:N/AC:M/Au:N/C:P/I:P/A:P "
	       "v3=81 vector=CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H v4=93 "
	       "vector=CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N "
	       "cwe=CWE-295 cwe=CWE-79\n");
	EXPECT(STARTER "CVE-2020-1\t2020-05-06\tnvd\tr\t-\t2022-03-03\t-\ta/b.c d.c\t"
		       "a:v:p [,1.0) [1.1,1.2] (2,3) (4,] =5.0 =5.1.|1|2/rc1 * -\t"
		       "o:v:q ?target_sw=x &!h:a:b,h:c:d,... [,2)\n",
	       "  affected range a:v:p below=1.0\n  affected range a:v:p from=1.1 to=1.2\n",
	       "CVE-2020-1 kev kev=19054 flags=12\n",
	       "CVE-2020-1 kernel-files file=a/b.c file=d.c\n");
	EXPECT(STARTER "CVE-2020-1\t-\tcurl\t-\t-\t-\t-\t-\t"
		       "a:v:p (2,3) (4,] =5.0 =5.1.|1|2/rc1 * -\t"
		       "o:v:q ?target_sw=x &!h:a:b,h:c:d,... [,2)\n",
	       "CVE-2020-1 curl\n  affected range a:v:p above=2 below=3\n"
	       "  affected range a:v:p above=4\n  affected exact a:v:p from=5.0\n"
	       "  affected exact a:v:p from=5.1.1\n  affected exact a:v:p from=5.1.2 update=rc1\n"
	       "  affected any a:v:p\n  affected none a:v:p\n  affected range o:v:q below=2 "
	       "qualifier=target_sw=x condition=not h:a:b, h:c:d, ...\n");
}

/* What is no line of facts is counted; what cannot be compared is kept as any version. */
static void starter_damage(void **state)
{
	(void)state;
	EXPECT(STARTER "no id\nCVE-1\tcut\nCVE-2\t-\tnobody\t-\t-\t-\t-\t-\ta:v:p *\n",
	       "odd no-id\n", "odd bad-shape\nodd bad-shape\n");
	EXPECT(STARTER "CVE-3\t-\tcve\t-\t3.1 2.0/99/NLNPPP 2.0/5.0/NL\t-\tx\t-\ta:v:p [1,2 "
		       "=\ta:v:p\tp *\n",
	       "odd bad-shape\n",
	       "odd bad-version\nodd bad-version\nodd bad-shape\nodd bad-shape\n",
	       "CVE-3 cve v2=50\n  affected any a:v:p\n  affected any a:v:p\n");
}

static void distributions(void **state)
{
	(void)state;
	EXPECT("{\"candidate\":\"CVE-2022-1\",\"public_date\":\"2022-01-02 00:00:00 "
	       "UTC\",\"cvss\":{\"nvd\":\" CVSS:3.1/Q [8.8 "
	       "HIGH]\"},\"packages\":{\"jammy\":{\"openssl\":{\"status\":\"released\",\"note\":"
	       "\"3.0.2-0ubuntu1.1\"}},\"esm-infra/"
	       "xenial\":{\"openssl\":{\"status\":\"needed\"}},\"trusty/"
	       "esm\":{\"openssl\":{\"status\":\"DNE\"}},\"upstream\":{\"openssl\":{\"status\":"
	       "\"released\",\"note\":\"3\"}},\"focal\":{\"openssl\":{\"status\":\"not-affected\"},"
	       "\"b\":{\"status\":\"needs-triage\"}}}}",
	       "CVE-2022-1 ubuntu published=18994 v3=88 vector=CVSS:3.1/Q\n"
	       "  affected range ubuntu:22.04/openssl below=3.0.2-0ubuntu1.1\n"
	       "  fixed range ubuntu:22.04/openssl from=3.0.2-0ubuntu1.1\n"
	       "  affected range ubuntu:pro:16.04/openssl from=0\n"
	       "  unaffected range ubuntu:20.04/openssl from=0\n"
	       "  affected any ubuntu:20.04/b\n");
	EXPECT("{\"openssl\":{\"CVE-2022-1\":{\"description\":\"D\",\"releases\":{\"bookworm\":{"
	       "\"status\":\"resolved\",\"fixed_version\":\"3.0.7-1\"},\"trixie\":{\"status\":"
	       "\"resolved\",\"fixed_version\":\"0\"},\"bullseye\":{\"status\":\"open\"},\"sid\":{"
	       "\"status\":\"open\"}}}},\"zlib\":{\"TEMP-0-1\":{\"releases\":{\"bookworm\":{"
	       "\"status\":\"undetermined\"}}}}}",
	       "part CVE-2022-1 debian text-en=D\n  affected range debian:12/openssl "
	       "below=3.0.7-1\n  fixed range debian:12/openssl from=3.0.7-1\n  unaffected range "
	       "debian:13/openssl from=0\n  affected range debian:11/openssl from=0\n",
	       "part TEMP-0-1 debian\n  affected any debian:12/zlib\n");
	EXPECT("{\"urlprefix\":\"u\",\"distroversion\":\"v3.18\",\"packages\":[{\"pkg\":{\"name\":"
	       "\"busybox\",\"secfixes\":{\"1.30.1-r2\":[\"CVE-2019-5747 (+ "
	       "more)\"],\"0\":[\"CVE-2019-2\"]}}}]}",
	       "part CVE-2019-5747 alpine\n  affected range alpine:v3.18/busybox below=1.30.1-r2\n "
	       " fixed range alpine:v3.18/busybox from=1.30.1-r2\n",
	       "part CVE-2019-2 alpine\n  unaffected range alpine:v3.18/busybox from=0\n");
}

static void jvn(void **state)
{
	(void)state;
	EXPECT("<?xml version=\"1.0\" encoding=\"UTF-8\"?><VULDEF-Document "
	       "xmlns=\"https://jvn.jp/vuldef/\" "
	       "xml:lang=\"ja\"><Vulinfo><VulinfoID>JVNDB-2023-000001</"
	       "VulinfoID><VulinfoData><Title>表題 &amp; "
	       "続き</Title><VulinfoDescription><Overview>概要</Overview></VulinfoDescription>"
	       "<Affected><AffectedItem><Name>V</Name><ProductName>P</ProductName><Cpe "
	       "version=\"2.2\">cpe:/o:v:p%2b</Cpe><VersionNumber>1.2.3 "
	       "およびそれ以前</VersionNumber><VersionNumber>2.0 "
	       "未満</VersionNumber></AffectedItem><AffectedItem><Cpe "
	       "version=\"2.2\">cpe:/a:v:q</Cpe></AffectedItem></Affected>"
	       "<Impact><Cvss version=\"3.0\"><Severity "
	       "type=\"Base\">Critical</Severity><Base>9.8</Base><Vector>CVSS:3.0/AV:N</Vector></"
	       "Cvss></Impact>"
	       "<Related><RelatedItem "
	       "type=\"advisory\"><VulinfoID>CVE-2023-1</VulinfoID></RelatedItem><RelatedItem "
	       "type=\"cwe\"><VulinfoID>CWE-79</VulinfoID></RelatedItem></Related>"
	       "<DateFirstPublished>2023-01-02T10:00+09:00</"
	       "DateFirstPublished><DateLastUpdated>2023-02-02T10:00+09:00</DateLastUpdated></"
	       "VulinfoData></Vulinfo></VULDEF-Document>",
	       "JVNDB-2023-000001 jvn published=19359 modified=19390 v3=98 vector=CVSS:3.0/AV:N "
	       "alias=CVE-2023-1 cwe=CWE-79 ja=表題 & 続き text-ja=概要\n"
	       "  affected range o:v:p+ to=1.2.3\n  affected range o:v:p+ below=2.0\n  affected "
	       "any a:v:q\n");
	EXPECT("<rdf:RDF xmlns:rdf=\"r\" xmlns=\"https://jvn.jp/rss/\" xmlns:sec=\"s\" "
	       "xml:lang=\"ja\"><channel><title>JVN</title></channel><item><title>題</"
	       "title><description>説明</description><sec:identifier>JVNDB-2024-2</"
	       "sec:identifier><sec:references source=\"CVE\" id=\"CVE-2024-2\">u</sec:references>"
	       "<sec:cpe version=\"2.2\" vendor=\"v\" product=\"p\">cpe:/h:v:p</sec:cpe><sec:cvss "
	       "score=\"7.5\" severity=\"High\" vector=\"CVSS:3.0/B\" version=\"3.0\" "
	       "type=\"Base\"/><dcterms:issued>2024-01-02T00:00+09:00</dcterms:issued></item></"
	       "rdf:RDF>",
	       "JVNDB-2024-2 jvn published=19724 v3=75 vector=CVSS:3.0/B alias=CVE-2024-2 ja=題 "
	       "text-ja=説明\n  affected any h:v:p\n");
}

static void hostile_xml(void **state)
{
	(void)state;
	/* at the bracket behind the name of the document type */
	refuse("<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z "
	       "\"&x;&x;\">]><VULDEF-Document>&z;</VULDEF-Document>",
	       E_UNSUPPORTED, 12);
	refuse("<VULDEF-Document><Vulinfo>", E_SHORT, 26);
}

static void hostile_json(void **state)
{
	(void)state;
	refuse("{\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-1-1\",\"vulnStatus\":\"x\"}}", E_SHORT,
	       61);
	refuse("{\"id\":\"CVE-1-1\",\"vulnStatus\":\"x\",\"id\":\"CVE-1-2\"}", E_CORRUPT, 0);
	refuse("{\"vulnerabilities\":[],\"vulnerabilities\":[]}", E_CORRUPT, 40);
	refuse("[{\"id\":\"\xff\"}]", E_CORRUPT, 8);
	refuse("[{\"id\":\"a\nb\"}]", E_CORRUPT, 9);
	refuse("[{\"id\":}]", E_CORRUPT, 7);
	refuse("[{\"id\":[1}]", E_CORRUPT, 9);
	refuse("[{} {}]", E_CORRUPT, 4);
	refuse("\xff\xfe{\x00", E_UNSUPPORTED, 0);
	refuse("{\"a\":1} x", E_CORRUPT, 8);
}

static void hostile_depth(void **state)
{
	char deep[4 * LIMIT_FEED_DEPTH];

	(void)state;
	memset(deep, '[', sizeof deep);
	deep[sizeof deep - 1] = '\0';
	refuse(deep, E_LIMIT, LIMIT_FEED_DEPTH + 1);
}

/* A hundred thousand keys must not take a hundred thousand squared steps. */
static void many_keys(void **state)
{
	struct buf b;
	struct said s;

	(void)state;
	buf_init(&b, 16 * MiB);
	buf_text(&b, "[{\"id\":\"CVE-2020-1\",\"vulnStatus\":\"x\"");
	for (unsigned i = 0; i < 100000; i++)
		buf_print(&b, ",\"k%u\":%u", i, i);
	buf_text(&b, "}]");
	said_import(&s, buf_slice(&b));
	assert_int_equal(s.err, OK);
	assert_int_equal(s.advisories, 1);
	said_release(&s);
	buf_release(&b);
}

static void odd_records(void **state)
{
	(void)state;
	EXPECT("[{\"id\":\"CVE-2020-1 "
	       "x\",\"vulnStatus\":\"x\"},{\"who\":1},7,{\"id\":\"CVE-2020-2\",\"vulnStatus\":null}"
	       "]",
	       "odd no-id\nodd unknown-record\nodd unknown-record\nCVE-2020-2 nvd\n");
}

static void one(struct slice damaged)
{
	struct said s;

	said_import(&s, damaged);
	said_release(&s);
}

static void damage(void **state)
{
	(void)state;
	sweep_damage(slice_text("{\"x\":1,\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-2021-1\"," ONE
				"}}],\"y\":{}}"),
		     one);
	sweep_damage(slice_text(CVE_BEGIN "{\"vendor\":\"OpenSSL\",\"product\":\"OpenSSL\","
					  "\"versions\":[{\"version\":\"3.0\",\"lessThanOrEqual\":"
					  "\"3.*\",\"status\":\"affected\"}]}" CVE_END),
		     one);
	sweep_damage(slice_text("{\"openssl\":{\"CVE-2022-1\":{\"releases\":{\"bookworm\":{"
				"\"status\":\"open\"}}}},\"b\":{}}"),
		     one);
	sweep_damage(slice_text("<VULDEF-Document><Vulinfo><VulinfoID>JVNDB-1</VulinfoID></"
				"Vulinfo></VULDEF-Document>"),
		     one);
	sweep_damage(slice_text(STARTER
				"CVE-2020-1\t2020-05-06\tnvd\td\t2.0/6.8/NMNPPP\t-\t2\ta.c\t"
				"a:v:p ?b=c &!h:a:b,d [,1.0) =5.1.|/rc1|2 * -\n"),
		     one);
}

/* Every prefix of a file that ends in a bracket is cut short, and said to be. */
static void prefixes(void **state)
{
	struct slice good =
		slice_text("{\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-2021-1\"," ONE "}}]}");

	(void)state;
	for (size_t n = 0; n < good.len; n++) {
		struct said s;

		said_import(&s, slice_head(good, n));
		assert_int_equal(s.err, E_SHORT);
		said_release(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nvd_versions), cmocka_unit_test(nvd_conditions),
		cmocka_unit_test(nvd_facts),    cmocka_unit_test(nvd11),
		cmocka_unit_test(cve_versions), cmocka_unit_test(cve_adp),
		cmocka_unit_test(osv),          cmocka_unit_test(exploited),
		cmocka_unit_test(lines),        cmocka_unit_test(distributions),
		cmocka_unit_test(starter),      cmocka_unit_test(starter_damage),
		cmocka_unit_test(jvn),          cmocka_unit_test(hostile_xml),
		cmocka_unit_test(hostile_json), cmocka_unit_test(hostile_depth),
		cmocka_unit_test(many_keys),    cmocka_unit_test(odd_records),
		cmocka_unit_test(damage),       cmocka_unit_test(prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
