// SPDX-License-Identifier: Apache-2.0
// The words of reports in both languages, as tables.

#include "report/phrases.h"

#include "base/ban.h"

static const struct words phrases[] = {
#define X(id, ja, en) [PH_##id] = {{ja, en}},
#include "report/phrases.def"
#undef X
};

static const struct words grades[] = {
	[GRADE_NONE] = {{"グレードなし", "No grade"}},
	[GRADE_BRONZE] = {{"ブロンズ", "Bronze"}},
	[GRADE_SILVER] = {{"シルバー", "Silver"}},
	[GRADE_GOLD] = {{"ゴールド", "Gold"}},
};
_Static_assert(ARRAY_LEN(grades) == GRADE_N, "words each");

static const struct words verdicts[] = {
	[V_NA] = {{"適用外", "Not applicable"}},           [V_PASS] = {{"適合", "Pass"}},
	[V_UNTESTED] = {{"未検査", "Not tested"}},         [V_FAIL] = {{"不適合", "Fail"}},
	[V_INCONCLUSIVE] = {{"判定不能", "Inconclusive"}},
};
_Static_assert(ARRAY_LEN(verdicts) == V_N, "words each");

static const struct words methods[] = {
	[METHOD_SOURCE] = {{"ソースコード解析", "Source code analysis"}},
	[METHOD_FIRMWARE] = {{"ファームウェア解析", "Firmware analysis"}},
	[METHOD_NETWORK] = {{"ネットワークスキャン", "Network scan"}},
	[METHOD_KNOWN] = {{"既知脆弱性診断", "Known-vulnerability diagnosis"}},
	[METHOD_OTHER] = {{"その他の検査", "Other inspections"}},
};
_Static_assert(ARRAY_LEN(methods) == METHOD_N, "words each");

static const struct words severities[] = {
	[SEV_INFO] = {{"参考", "Info"}},         [SEV_LOW] = {{"低", "Low"}},
	[SEV_MEDIUM] = {{"中", "Medium"}},       [SEV_HIGH] = {{"高", "High"}},
	[SEV_CRITICAL] = {{"重大", "Critical"}},
};
_Static_assert(ARRAY_LEN(severities) == SEV_N, "words each");

static const struct words deciders[] = {
	[BY_TOOL] = {{"ツール", "Tool"}},
	[BY_TOOL_REVIEW] = {{"ツールと検査員", "Tool and inspector"}},
	[BY_MANUAL] = {{"検査員", "Inspector"}},
};
_Static_assert(ARRAY_LEN(deciders) == BY_N, "words each");

static const struct words ranges[] = {
	[RANGE_IDENTIFIED] = {{"識別済み", "Identified"}},
	[RANGE_PADDING] = {{"詰め物", "Padding"}},
	[RANGE_OPAQUE] = {{"読み取り不能（暗号化など）", "Opaque (encrypted or the like)"}},
	[RANGE_UNKNOWN] = {{"不明", "Unknown"}},
};
_Static_assert(ARRAY_LEN(ranges) == RANGE_N, "words each");

static const struct words artifacts[] = {
	[ART_IMAGE] = {{"イメージ", "Image"}},
	[ART_CONTAINER] = {{"コンテナ", "Container"}},
	[ART_STREAM] = {{"圧縮データ", "Compressed data"}},
	[ART_FILESYSTEM] = {{"ファイルシステム", "Filesystem"}},
	[ART_ARCHIVE] = {{"アーカイブ", "Archive"}},
	[ART_FILE] = {{"ファイル", "File"}},
	[ART_EXECUTABLE] = {{"実行形式", "Executable"}},
	[ART_DIRECTORY] = {{"フォルダー", "Folder"}},
	[ART_LINK] = {{"リンク", "Link"}},
	[ART_DEVICE] = {{"デバイス", "Device"}},
	[ART_BLOB] = {{"データ", "Data"}},
};
_Static_assert(ARRAY_LEN(artifacts) == ART_N, "words each");

/* Methods of components, as inspectors name them. */
static const struct {
	const char *id;
	struct words words;
} found_by[] = {
	{"version-string", {{"バージョン文字列", "Version string"}}},
	{"static-copy", {{"プログラムに組み込まれた写し", "Copy linked into a program"}}},
	{"file-name", {{"ファイル名", "File name"}}},
	{"opkg-database", {{"opkgのパッケージ情報", "opkg package database"}}},
	{"dpkg-database", {{"dpkgのパッケージ情報", "dpkg package database"}}},
	{"apk-database", {{"apkのパッケージ情報", "apk package database"}}},
};

static const struct words confidences[] = {
	[SURE] = {{"確実", "Sure"}},
	[LIKELY] = {{"有力", "Likely"}},
	[WEAK] = {{"推定", "Weak"}},
};
_Static_assert(ARRAY_LEN(confidences) == CONFIDENCE_N, "words each");

static const struct words kinds[] = {
	[KIND_FINAL_DEVICE] = {{"最終機器", "Final device"}},
	[KIND_HARDWARE] = {{"ハードウェア部品", "Hardware component"}},
	[KIND_SOFTWARE] = {{"ソフトウェア部品", "Software component"}},
	[KIND_SYSTEM] = {{"システム", "System"}},
};
_Static_assert(ARRAY_LEN(kinds) == KIND_N, "words each");

static const struct words sectors[] = {
	[SECTOR_CONSUMER] = {{"民生", "Consumer"}},
	[SECTOR_BUSINESS] = {{"業務", "Business"}},
	[SECTOR_INDUSTRIAL] = {{"産業", "Industrial"}},
};
_Static_assert(ARRAY_LEN(sectors) == SECTOR_N, "words each");

static const struct {
	const char *name;
	struct words words;
} why[] = {
	[WHY_FINDING] = {"finding", {{"{title}：{place}", "{title}: {place}"}}},
	[WHY_COUNTED_ELSEWHERE] = {"counted-elsewhere",
				   {{"「{title}」は項目 {item} で計上しています（{place}）。",
				     "{title}: counted by item {item} ({place})."}}},
	[WHY_TOLERATED] = {"tolerated",
			   {{"{b} 件のうち {a} 件に欠陥がありますが、許容される割合の範囲内です。",
			     "{a} of {b} are flawed, which is within the share allowed."}}},
	[WHY_COVERED] = {"covered",
			 {{"{subject}：{b} のうち {a} を調べました。",
			   "{subject}: {a} of {b} looked at."}}},
	[WHY_NOT_COVERED] = {"not-covered",
			     {{"{subject}：{b} のうち {a} しか調べられていません。",
			       "{subject}: only {a} of {b} looked at."}}},
	[WHY_NO_COVERAGE] = {"no-coverage",
			     {{"{subject}：まだ調べていません。",
			       "{subject}: nothing was looked at."}}},
	[WHY_NONE_FOUND] = {"none-found",
			    {{"{subject}：イメージの中に見つかりませんでした。",
			      "{subject}: none was found in the image."}}},
	[WHY_SKIPPED] = {"skipped",
			 {{"{what} を調べられませんでした（{why}）。",
			   "{what} could not be looked at ({why})."}}},
	[WHY_ABSENT] = {"absent",
			{{"{subject}：製品に存在しないため、適用されません。",
			  "{subject}: the product has none, so this does not apply."}}},
	[WHY_MANUAL] = {"manual",
			{{"検査員による確認が必要です。", "An inspector has to check this."}}},
};
_Static_assert(ARRAY_LEN(why) == WHY_N, "words each");

/* Pillars of the IoT sheet. */
static const struct {
	const char *id;
	struct words words;
} pillars[] = {
	{"authenticity-keys", {{"真正性の担保と識別", "Authenticity and identification"}}},
	{"identification-authentication",
	 {{"ライフサイクルを通じた認証と識別", "Authentication through the life cycle"}}},
	{"secure-update", {{"セキュアアップデート", "Secure update"}}},
};

static const struct {
	const char *id;
	bool is_bytes;
	struct words words;
} subjects[] = {
	{"image", true, {{"イメージの識別済み部分", "Identified part of the image"}}},
	{"image-readable", true, {{"イメージの読み取れる部分", "Readable part of the image"}}},
	{"objects", false, {{"取り出したファイルとデータ", "Files and payloads"}}},
	{"root-filesystems", false, {{"ルートファイルシステム", "Root filesystems"}}},
	{"settings-areas", false, {{"設定の保存領域", "Settings areas"}}},
	{"accounts", false, {{"アカウント", "Accounts"}}},
	{"password-hashes", false, {{"パスワードハッシュ", "Password hashes"}}},
	{"secrets",
	 false,
	 {{"鍵やトークンを探したファイル", "Files searched for keys and tokens"}}},
	{"certificates", false, {{"証明書", "Certificates"}}},
	{"settings-files", false, {{"設定ファイル", "Settings files"}}},
	{"elf", false, {{"ELF実行形式とライブラリ", "ELF executables and libraries"}}},
	{"elf-nx", false, {{"実行防止（NX）の対象", "Files that NX applies to"}}},
	{"elf-ssp", false, {{"スタック保護の対象", "Files that stack protection applies to"}}},
	{"elf-pie", false, {{"位置独立実行（PIE）の対象", "Files that PIE applies to"}}},
	{"elf-relro", false, {{"RELROの対象", "Files that RELRO applies to"}}},
	{"elf-fortify", false, {{"FORTIFYの対象", "Files that FORTIFY applies to"}}},
	{"debug-files",
	 false,
	 {{"デバッグの残りを調べたファイル", "Files checked for debug leftovers"}}},
	{"components", false, {{"部品を探したファイル", "Files searched for components"}}},
	{"files", false, {{"アクセス権を調べたファイル", "Files whose rights were checked"}}},
	{"boot-scripts", false, {{"起動スクリプト", "Boot scripts"}}},
	{"services", false, {{"起動するサービス", "Services started"}}},
	{"consoles", false, {{"コンソール", "Consoles"}}},
	{"boot-loader", false, {{"ブートローダーの設定", "Boot loader settings"}}},
	{"update-sources", false, {{"更新の取得元", "Update sources"}}},
	{"service-settings", false, {{"サービスの設定", "Service settings"}}},
	{"kernel-config", false, {{"カーネルの構成", "Kernel configuration"}}},
	{"own-advisories",
	 false,
	 {{"製品自身の公表済み脆弱性", "Published vulnerabilities of the product itself"}}},
	{"web-files", false, {{"Web公開ファイル", "Web files"}}},
};

static struct words pick(const struct words *table, size_t n, size_t i)
{
	return i < n ? table[i] : (struct words){{"?", "?"}};
}

struct words words_of(enum phrase p)
{
	return pick(phrases, PH_N, p);
}

struct words words_grade(enum grade g)
{
	return pick(grades, GRADE_N, g);
}

struct words words_verdict(enum verdict v)
{
	return pick(verdicts, V_N, v);
}

struct words words_method(enum method m)
{
	return pick(methods, METHOD_N, m);
}

struct words words_severity(enum severity s)
{
	return pick(severities, SEV_N, s);
}

struct words words_decided_by(enum decided_by d)
{
	return pick(deciders, BY_N, d);
}

struct words words_range(enum range_kind k)
{
	return pick(ranges, RANGE_N, k);
}

struct words words_artifact(enum artifact_type t)
{
	return pick(artifacts, ART_N, t);
}

struct words words_found_by(struct slice method)
{
	for (size_t i = 0; i < ARRAY_LEN(found_by); i++)
		if (slice_is(method, found_by[i].id))
			return found_by[i].words;
	return (struct words){{"その他の方法", "Another way"}};
}

struct words words_confidence(enum confidence c)
{
	return pick(confidences, CONFIDENCE_N, c);
}

struct words words_kind(enum target_kind k)
{
	return pick(kinds, KIND_N, k);
}

struct words words_sector(enum sector s)
{
	return pick(sectors, SECTOR_N, s);
}

struct words words_reason(enum reason_kind k)
{
	return k < WHY_N ? why[k].words : (struct words){{"?", "?"}};
}

const char *reason_name(enum reason_kind k)
{
	return k < WHY_N ? why[k].name : "?";
}

bool words_pillar(struct slice id, struct words *out)
{
	for (size_t i = 0; i < ARRAY_LEN(pillars); i++) {
		if (!slice_is(id, pillars[i].id))
			continue;
		*out = pillars[i].words;
		return true;
	}
	return false;
}

const char *item_method_words(const struct item *i, enum lang l)
{
	struct words w = words_method(i->method);

	if (i->part == PART_IOT && !words_pillar(i->pillar, &w))
		return "?";
	return w.in[l];
}

const char *range_kind_words(enum range_kind k, enum lang l)
{
	return words_range(k).in[l];
}

const char *artifact_type_words(enum artifact_type t, enum lang l)
{
	return words_artifact(t).in[l];
}

const char *decided_by_words(enum decided_by d, enum lang l)
{
	return words_decided_by(d).in[l];
}

struct slice subject_words(struct slice subject, enum lang l)
{
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++)
		if (slice_is(subject, subjects[i].id))
			return slice_text(subjects[i].words.in[l]);
	return subject;
}

bool subject_is_bytes(struct slice subject)
{
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++)
		if (slice_is(subject, subjects[i].id))
			return subjects[i].is_bytes;
	return false;
}
