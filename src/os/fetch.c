// SPDX-License-Identifier: Apache-2.0
// One file over HTTP (RFC 9110) by libcurl: conditional, resumable, bounded in size and patience.

#define _GNU_SOURCE
#include "os/fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/os.h"

#include "base/ban.h"

enum { PATH_MAX_BYTES = 4096, TAG_MAX = 512 };

/* A validator as it goes into a request: `"abc"`, or a date. */
struct tag {
	char etag[TAG_MAX], modified[TAG_MAX];
};

struct transfer {
	const struct fetch *fetch;
	CURL *curl;
	int fd;
	uint64_t kept; /* bytes of the .part that the server was asked to go on from */
	uint64_t size; /* of the .part now */
	uint64_t range_from;
	bool has_range, has_begun;
	struct tag part; /* what the part is of */
	struct tag now;  /* what the server says this is */
	enum err err;    /* why a callback stopped the transfer */
};

static bool path_of(const struct fetch *f, const char *suffix, char out[PATH_MAX_BYTES])
{
	int n = snprintf(out, PATH_MAX_BYTES, "%s/%s%s", f->dir, f->name, suffix);

	return n > 0 && n < PATH_MAX_BYTES;
}

/* Two lines: ETag, Last-Modified. Absent or odd: no tag, and the file is asked for anew. */
static struct tag tag_load(const struct fetch *f, const char *suffix)
{
	char path[PATH_MAX_BYTES];
	struct tag t = {0};
	FILE *in = path_of(f, suffix, path) ? fopen(path, "re") : NULL;

	if (!in)
		return t;
	if (!fgets(t.etag, sizeof t.etag, in) || !fgets(t.modified, sizeof t.modified, in))
		t = (struct tag){0};
	(void)fclose(in);
	t.etag[strcspn(t.etag, "\r\n")] = '\0';
	t.modified[strcspn(t.modified, "\r\n")] = '\0';
	return t;
}

static void tag_save(const struct fetch *f, const char *suffix, const struct tag *t)
{
	char path[PATH_MAX_BYTES];
	FILE *out = path_of(f, suffix, path) ? fopen(path, "we") : NULL;

	/* Without a tag the next run fetches the whole file: slower, never wrong. */
	if (!out)
		return;
	(void)fprintf(out, "%s\n%s\n", t->etag, t->modified);
	(void)fclose(out);
}

static void forget(const struct fetch *f, const char *suffix)
{
	char path[PATH_MAX_BYTES];

	if (path_of(f, suffix, path))
		(void)unlink(path);
}

/* The value of "Name: value" when the line is of that name. */
static bool header_is(struct slice line, const char *name, char out[TAG_MAX])
{
	size_t len = strlen(name), end = line.len;

	if (line.len <= len || strncasecmp((const char *)line.ptr, name, len) != 0)
		return false;
	while (len < line.len && line.ptr[len] == ' ')
		len++;
	while (end > len && (line.ptr[end - 1] == '\r' || line.ptr[end - 1] == '\n'))
		end--;
	if (end - len >= TAG_MAX)
		return false;
	memcpy(out, &line.ptr[len], end - len);
	out[end - len] = '\0';
	return true;
}

/* "bytes 100-999/1000" (RFC 9110, 14.4). */
static bool range_start(struct slice value, uint64_t *from)
{
	size_t dash = slice_find_byte(value, '-', 0);

	return slice_starts(value, "bytes ") && dash != SLICE_NONE &&
	       text_u64(slice_from(slice_head(value, dash), 6), 10, from) == OK;
}

static size_t on_header(char *text, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	struct slice line = slice_of(text, one * n);
	char value[TAG_MAX] = "";

	if (slice_starts(line, "HTTP/")) { /* of a redirect's target too: start anew */
		t->now = (struct tag){0};
		t->has_range = false;
	}
	if (header_is(line, "etag:", value))
		memcpy(t->now.etag, value, sizeof value);
	else if (header_is(line, "last-modified:", value))
		memcpy(t->now.modified, value, sizeof value);
	else if (header_is(line, "content-range:", value))
		t->has_range = range_start(slice_text(value), &t->range_from);
	return one * n;
}

/* The server goes on where we stopped, or sends everything again. */
static enum err begin_body(struct transfer *t)
{
	long status = 0;

	(void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	t->has_begun = true;
	if (status == 206 && t->kept && t->has_range && t->range_from == t->kept &&
	    strcmp(t->now.etag, t->part.etag) == 0)
		return OK;
	if (status == 206)
		return E_RANGE; /* some other piece than the one asked for */
	t->size = 0;
	if (ftruncate(t->fd, 0) != 0 || lseek(t->fd, 0, SEEK_SET) != 0)
		return E_IO;
	tag_save(t->fetch, ".part.tag", &t->now);
	return OK;
}

static size_t on_body(char *bytes, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	size_t len = one * n;

	if (!t->has_begun)
		t->err = begin_body(t);
	if (t->err == OK &&
	    (t->size > t->fetch->limit_bytes || len > t->fetch->limit_bytes - t->size))
		t->err = E_LIMIT;
	if (t->err == OK)
		t->err = pipe_write(t->fd, slice_of(bytes, len));
	if (t->err != OK)
		return CURL_WRITEFUNC_ERROR;
	t->size += len;
	return len;
}

static int on_progress(void *ctx, curl_off_t total, curl_off_t done, curl_off_t up_total,
		       curl_off_t up_done)
{
	struct transfer *t = ctx;
	uint64_t before = t->has_begun ? t->size - (uint64_t)done : 0;

	(void)up_total;
	(void)up_done;
	if (interrupt_seen()) {
		t->err = E_INTERRUPTED;
		return 1;
	}
	if (t->fetch->progress && t->has_begun && t->size >= (uint64_t)done)
		t->fetch->progress(t->fetch->ctx, t->fetch->name, t->size,
				   total > 0 ? before + (uint64_t)total : 0);
	return 0;
}

static void header_add(struct curl_slist **list, const char *name, const char *value)
{
	char line[TAG_MAX + 32];
	struct curl_slist *longer = NULL;

	(void)snprintf(line, sizeof line, "%s: %s", name, value);
	longer = curl_slist_append(*list, line);
	if (longer)
		*list = longer;
}

/* What to ask: the rest of a part, or the whole if it changed. */
static struct curl_slist *conditions(struct transfer *t)
{
	const struct fetch *f = t->fetch;
	struct curl_slist *list = NULL;
	struct tag whole = tag_load(f, ".tag");
	char path[PATH_MAX_BYTES], range[64];
	struct stat st;

	t->part = tag_load(f, ".part.tag");

	/* A weak tag (W/) does not promise the same bytes, so nothing may be put behind it. */
	const char *validator = strncmp(t->part.etag, "W/", 2) == 0 ? "" : t->part.etag;

	if (!t->part.etag[0])
		validator = t->part.modified;
	if (fstat(t->fd, &st) == 0 && st.st_size > 0 && validator[0]) {
		t->kept = t->size = (uint64_t)st.st_size;
		(void)snprintf(range, sizeof range, "bytes=%llu-", (unsigned long long)t->kept);
		header_add(&list, "Range", range);
		header_add(&list, "If-Range", validator);
		return list;
	}
	if (!path_of(f, "", path) || stat(path, &st) != 0)
		return list;
	if (whole.etag[0])
		header_add(&list, "If-None-Match", whole.etag);
	else if (whole.modified[0])
		header_add(&list, "If-Modified-Since", whole.modified);
	return list;
}

static void set_up(struct transfer *t, struct curl_slist *headers, char error[CURL_ERROR_SIZE])
{
	CURL *c = t->curl;
	const char *protocols =
		strncasecmp(t->fetch->url, "http:", 5) == 0 ? "http,https" : "https";

	(void)curl_easy_setopt(c, CURLOPT_URL, t->fetch->url);
	(void)curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, protocols);
	(void)curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
	(void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
	(void)curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)LIMIT_FETCH_REDIRECTS);
	(void)curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
	(void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)t->fetch->stall_s);
	(void)curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 100L);
	(void)curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)t->fetch->stall_s);
	(void)curl_easy_setopt(c, CURLOPT_USERAGENT, "kensa");
	(void)curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, error);
	(void)curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
	(void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	(void)curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	(void)curl_easy_setopt(c, CURLOPT_XFERINFODATA, t);
	(void)curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
}

/* The part becomes the file, and its tag the file's. */
static enum err keep(struct transfer *t, struct fault *why)
{
	char part[PATH_MAX_BYTES], whole[PATH_MAX_BYTES];

	if (!path_of(t->fetch, ".part", part) || !path_of(t->fetch, "", whole))
		return fault_set(why, E_LIMIT, 0, "path too long");
	/* An empty body calls nobody back: the part may hold older bytes still. */
	if (!t->has_begun && begin_body(t) != OK)
		return fault_set(why, E_IO, 0, "%s", strerror(errno));
	forget(t->fetch, ".tag");
	if (fsync(t->fd) != 0 || rename(part, whole) != 0)
		return fault_set(why, E_IO, 0, "%s", strerror(errno));
	tag_save(t->fetch, ".tag", &t->now);
	forget(t->fetch, ".part.tag");
	return OK;
}

static bool status_may_pass(unsigned status)
{
	return status == 403 || status == 408 || status == 425 || status == 429 || status >= 500;
}

static enum err settle(struct transfer *t, CURLcode code, const char *error,
		       struct fetch_reply *reply, struct fault *why)
{
	curl_off_t wait = 0;
	long status = 0;

	(void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &wait);
	reply->status = status > 0 ? (unsigned)status : 0;
	reply->wait_s = wait > 0 && wait < LIMIT_FETCH_WAIT_S ? (unsigned)wait
							      : (wait > 0 ? LIMIT_FETCH_WAIT_S : 0);
	if (code == CURLE_OK && status == 304) {
		reply->is_same = true;
		return OK;
	}
	if (code == CURLE_OK)
		return keep(t, why);
	/* The part fits no longer, or is of no use: begin anew. */
	if (status == 416 || t->err == E_RANGE || t->err == E_LIMIT) {
		forget(t->fetch, ".part");
		forget(t->fetch, ".part.tag");
	}
	if (t->err == E_INTERRUPTED || t->err == E_LIMIT || t->err == E_IO)
		return fault_set(why, t->err, t->size, "%s",
				 t->err == E_IO ? strerror(errno) : err_words(t->err, false));
	reply->is_for_later = status < 400 || status == 416 || status_may_pass(reply->status);
	if (status >= 400)
		return fault_set(why, E_IO, 0, "the server answers with %ld", status);
	return fault_set(why, E_IO, t->size, "%s", error[0] ? error : curl_easy_strerror(code));
}

enum err fetch_once(const struct fetch *f, struct fetch_reply *reply, struct fault *why)
{
	char error[CURL_ERROR_SIZE] = "", path[PATH_MAX_BYTES];
	struct transfer t = {.fetch = f, .fd = -1};
	struct curl_slist *headers = NULL;
	enum err e = E_IO;

	*reply = (struct fetch_reply){0};
	if (!path_of(f, ".part", path))
		return fault_set(why, E_LIMIT, 0, "path too long");
	t.fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (t.fd < 0)
		return fault_set(why, E_IO, 0, "%s", strerror(errno));
	t.curl = curl_easy_init();
	if (!t.curl) {
		fault_set(why, E_NOMEM, 0, "libcurl does not start");
		goto out;
	}
	headers = conditions(&t);
	set_up(&t, headers, error);
	e = settle(&t, curl_easy_perform(t.curl), error, reply, why);
	reply->size = t.has_begun ? t.size : 0;
	if (e == OK && reply->is_same)
		forget(f, ".part");
out:
	curl_slist_free_all(headers);
	curl_easy_cleanup(t.curl);
	close(t.fd);
	return e;
}
