// SPDX-License-Identifier: Apache-2.0
// Known vulnerabilities in documents and on a terminal, in the order of the record: worst first.

#include "report/vulnerabilities.h"

#include <stdio.h>

#include "base/ban.h"

static const struct bilingual_text statuses[] = {
	[VULN_AFFECTED] = {{[JA] = "影響あり", [EN] = "affected"}},
	[VULN_CONDITIONAL] = {{[JA] = "条件付き", [EN] = "conditional"}},
	[VULN_VERSION_UNKNOWN] = {{[JA] = "バージョン不明", [EN] = "version unknown"}},
	[VULN_NO_RANGE] = {{[JA] = "範囲の記載なし", [EN] = "no range given"}},
	[VULN_FIXED_BY_BACKPORT] = {{[JA] = "修正取込み済み", [EN] = "fixed by backport"}},
	[VULN_NOT_AFFECTED] = {{[JA] = "影響なし", [EN] = "not affected"}},
};
_Static_assert(ARRAY_LEN(statuses) == VULN_STATUS_N, "words each");

static const struct bilingual_text ratings[] = {
	[RATING_UNKNOWN] = {{[JA] = "不明", [EN] = "unknown"}},
	[RATING_NONE] = {{[JA] = "なし", [EN] = "none"}},
	[RATING_LOW] = {{[JA] = "注意", [EN] = "low"}},
	[RATING_MEDIUM] = {{[JA] = "警告", [EN] = "medium"}},
	[RATING_HIGH] = {{[JA] = "重要", [EN] = "high"}},
	[RATING_CRITICAL] = {{[JA] = "緊急", [EN] = "critical"}},
};
_Static_assert(ARRAY_LEN(ratings) == RATING_N, "words each");

struct bilingual_text vuln_status_words(enum vuln_status s)
{
	return statuses[s];
}

struct bilingual_text vuln_rating_words(enum rating s)
{
	return ratings[s];
}

/* --- JSON --- */

static void put_or_null(struct jsonw *j, const char *key, struct slice s)
{
	jsonw_key(j, key);
	if (s.len)
		jsonw_text(j, s);
	else
		jsonw_null(j);
}

static void put_numbers(struct jsonw *j, const struct vulnerability *v)
{
	char number[32];

	jsonw_key(j, "cvss");
	if (v->severity == RATING_UNKNOWN) {
		jsonw_null(j);
	} else {
		(void)snprintf(number, sizeof number, "%u.%u", (unsigned)(v->cvss / 10 % 100),
			       (unsigned)(v->cvss % 10));
		jsonw_raw(j, number);
	}
	put_or_null(j, "kev", v->kev);
	jsonw_key(j, "epss");
	if (v->epss_ppm == 0 || v->epss_ppm > 1000000) {
		jsonw_null(j);
	} else {
		(void)snprintf(number, sizeof number, "%u.%06u", (unsigned)(v->epss_ppm / 1000000),
			       (unsigned)(v->epss_ppm % 1000000));
		jsonw_raw(j, number);
	}
}

void vulnerability_json(struct jsonw *j, const struct vulnerability *v)
{
	jsonw_object(j);
	jsonw_put(j, "id", v->id);
	jsonw_put(j, "component", v->component);
	jsonw_put(j, "version", v->version);
	jsonw_put_text(j, "severity", rating_name(v->severity));
	put_numbers(j, v);
	put_or_null(j, "fixed_in", v->fixed_in);
	jsonw_put_text(j, "status", vuln_status_name(v->status));
	jsonw_put(j, "because", v->because);
	put_or_null(j, "vector", v->vector);
	put_or_null(j, "published", v->published);
	jsonw_put(j, "sources", v->sources);
	jsonw_put(j, "product", v->product);
	jsonw_object_end(j);
}

void feed_json(struct jsonw *j, const struct record *r)
{
	size_t at = 0;
	const struct fact *f = record_next(r, FACT_FEED, &at);

	put_or_null(j, "date", f ? f->feed.date : (struct slice){0});
	put_or_null(j, "sha256", f ? f->feed.sha256 : (struct slice){0});
	if (!f)
		return;
	jsonw_put(j, "sources", f->feed.sources);
	jsonw_put_u64(j, "advisories", f->feed.advisories);
	jsonw_key(j, "is_starter");
	jsonw_bool(j, f->feed.kind == FEED_STARTER);
}

const char *feed_warning(const struct feed_used *f, enum lang l)
{
	if (f->kind != FEED_STARTER)
		return "";
	return l == JA ? "製品に付属する初期データです。代表的な部品だけを含み、新しい脆弱性のほか"
			 "、"
			 "2021年4月から2023年に公開されたものも欠けていることがあります。最新の"
			 "データは kensa feed update で取得します"
		       : "This is the starter set that comes with kensa: only the commonest "
			 "components, without new vulnerabilities, and some published from April "
			 "2021 to 2023 are missing. kensa feed update gets current data";
}

void match_json(const struct record *r, struct buf *out)
{
	const struct fact *f = NULL;
	struct jsonw j;

	jsonw_init(&j, out, 1);
	jsonw_object(&j);
	jsonw_key(&j, "feed");
	jsonw_object(&j);
	feed_json(&j, r);
	jsonw_object_end(&j);
	jsonw_key(&j, "vulnerabilities");
	jsonw_array(&j);
	for (size_t at = 0; (f = record_next(r, FACT_VULNERABILITY, &at));)
		vulnerability_json(&j, &f->vulnerability);
	jsonw_array_end(&j);
	jsonw_object_end(&j);
	buf_byte(out, '\n');
}

/* --- sums and lines --- */

struct vulnerability_sums vulnerabilities_sum(const struct record *r)
{
	struct vulnerability_sums s = {0};
	const struct fact *f = NULL;

	for (size_t at = 0; (f = record_next(r, FACT_VULNERABILITY, &at));) {
		const struct vulnerability *v = &f->vulnerability;
		bool is_left_out = slice_starts(v->because, "code not built");

		s.status[v->status]++;
		s.exploited += v->status == VULN_AFFECTED && v->kev.len > 0;
		if (!slice_ends(v->product, ":linux:linux_kernel"))
			continue;
		s.kernel_built += v->status == VULN_AFFECTED;
		s.kernel_all += v->status == VULN_AFFECTED || is_left_out;
	}
	return s;
}

static void short_line(const struct vulnerability *v, enum lang l, struct buf *out)
{
	text_terminal(out, v->id);
	buf_byte(out, ' ');
	text_terminal(out, v->component);
	buf_byte(out, ' ');
	text_terminal(out, v->version);
	buf_print(out, "  %s", statuses[v->status].in[l]);
	if (v->severity != RATING_UNKNOWN)
		buf_print(out, "  CVSS %u.%u %s", (unsigned)(v->cvss / 10 % 100),
			  (unsigned)(v->cvss % 10), ratings[v->severity].in[l]);
	if (v->kev.len)
		buf_text(out, l == JA ? "  悪用確認済み" : "  exploited");
	if (v->fixed_in.len) {
		buf_text(out, "  -> ");
		text_terminal(out, v->fixed_in);
	}
	buf_byte(out, '\n');
}

void vulnerability_line(const struct vulnerability *v, enum lang l, struct buf *out)
{
	short_line(v, l, out);
	buf_text(out, "      ");
	text_terminal(out, v->because);
	buf_byte(out, '\n');
}

static void sums_text(const struct record *r, enum lang l, struct buf *out)
{
	struct vulnerability_sums s = vulnerabilities_sum(r);

	for (unsigned i = 0; i < VULN_STATUS_N; i++)
		if (s.status[i] || i == VULN_AFFECTED)
			buf_print(out, "%s%s %llu", i ? ", " : "  ", statuses[i].in[l],
				  (unsigned long long)s.status[i]);
	buf_byte(out, '\n');
	if (s.kernel_all && s.kernel_built == s.kernel_all)
		buf_print(out,
			  l == JA ? "  カーネル: 影響あり %llu 件 (組み込まれていないコードのものと"
				    "分かったものはありません)\n"
				  : "  kernel: %llu affected; none is known to be in code that is "
				    "not built in\n",
			  (unsigned long long)s.kernel_all);
	else if (s.kernel_all)
		buf_print(out,
			  l == JA ? "  カーネル: 影響ありは全部で %llu 件、組み込まれていない"
				    "コードのものを除くと %llu 件\n"
				  : "  kernel: %llu affected in all, %llu without those in code "
				    "that is not built in\n",
			  (unsigned long long)s.kernel_all, (unsigned long long)s.kernel_built);
}

static void components_text(const struct record *r, enum lang l, size_t most, struct buf *out)
{
	struct component_sums sums;

	if (component_sums_make(r, &sums) != OK) {
		out->err = E_NOMEM;
		return;
	}
	for (size_t i = 0; i < sums.n && i < most; i++) {
		const struct component_sum *s = &sums.list[i];

		buf_text(out, "    ");
		text_terminal(out, s->name);
		buf_byte(out, ' ');
		text_terminal(out, s->version.len ? s->version : slice_text("?"));
		buf_print(out,
			  l == JA ? ": 影響あり %llu (悪用確認済み %llu)、要確認 %llu\n"
				  : ": affected %llu (exploited %llu), to be checked %llu\n",
			  (unsigned long long)s->affected, (unsigned long long)s->exploited,
			  (unsigned long long)s->unsure);
	}
	if (sums.n > most)
		buf_print(out, l == JA ? "    ほか %zu 部品\n" : "    and %zu more components\n",
			  sums.n - most);
	component_sums_release(&sums);
}

/* Which statuses to list, and how many lines in all. */
struct lines {
	enum vuln_status first, last;
	size_t most;
};

struct lines_seen {
	size_t all, shown;
};

static void lines_text(const struct record *r, enum lang l, struct lines of,
		       struct lines_seen *seen, struct buf *out)
{
	const struct fact *f = NULL;

	for (size_t at = 0; (f = record_next(r, FACT_VULNERABILITY, &at));) {
		const struct vulnerability *v = &f->vulnerability;

		if (v->status < of.first || v->status > of.last)
			continue;
		seen->all++;
		if (seen->shown == of.most)
			continue;
		seen->shown++;
		buf_text(out, "  ");
		if (of.most == SIZE_MAX)
			vulnerability_line(v, l, out);
		else
			short_line(v, l, out);
	}
}

void vulnerabilities_text(const struct record *r, enum lang l, size_t most, struct buf *out)
{
	const struct fact *f = NULL;
	struct lines_seen seen = {0};
	size_t at = 0;

	f = record_next(r, FACT_FEED, &at);
	if (!f) {
		buf_text(out,
			 l == JA ? "  脆弱性情報がありません (kensa feed update で取得します)\n"
				 : "  no vulnerability data (get it with kensa feed update)\n");
		return;
	}
	buf_text(out, l == JA ? "  脆弱性情報の取込日: " : "  vulnerability data imported ");
	text_terminal(out, f->feed.date);
	buf_text(out, l == JA ? "。各情報源の日付: " : "; dates of its sources: ");
	text_terminal(out, f->feed.sources);
	buf_byte(out, '\n');
	if (f->feed.kind == FEED_STARTER)
		buf_print(out, "  %s\n", feed_warning(&f->feed, l));
	sums_text(r, l, out);
	components_text(r, l, most, out);
	/* what surely is there before what may be */
	lines_text(r, l, (struct lines){.last = VULN_CONDITIONAL, .most = most}, &seen, out);
	lines_text(
		r, l,
		(struct lines){.first = VULN_VERSION_UNKNOWN, .last = VULN_NO_RANGE, .most = most},
		&seen, out);
	if (seen.all > seen.shown)
		buf_print(out, l == JA ? "  ほか %zu 件\n" : "  and %zu more\n",
			  seen.all - seen.shown);
}
