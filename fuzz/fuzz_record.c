// SPDX-License-Identifier: Apache-2.0
// record_read on a record that somebody changed: what it takes can be written, and every fact of it
// packs. The closing hash keeps a fuzzer out, so lines are also read with an end that fits them.

#include "fuzz.h"

#include "record/record.h"

#include "base/ban.h"

static void check_facts(const struct record *r)
{
	struct buf out;

	buf_init(&out, 4 * MiB);
	record_write(r, &out);
	FUZZ_CHECK(out.err == OK && out.len > 0);
	for (size_t i = 0; i < r->n; i++) {
		struct arena a;
		struct fact f;

		arena_init(&a, 1 * MiB);
		buf_clear(&out);
		fact_pack(&out, &r->facts[i]);
		FUZZ_CHECK(fact_unpack(&a, buf_slice(&out), &f, NULL) == OK);
		arena_release(&a);
	}
	buf_release(&out);
}

static void read_back(struct slice in)
{
	struct record r;

	if (record_read(in, &r, NULL) != OK)
		return;
	FUZZ_CHECK(record_target(&r));
	check_facts(&r);
	record_release(&r);
}

static void read_closed(struct slice lines)
{
	char sum[SHA256_HEX + 1];
	unsigned long long facts = 0;
	struct buf whole;

	for (size_t i = 0; i < lines.len; i++)
		facts += slice_at(lines, i) == '\n';
	digest_sha256_hex(lines, sum);
	buf_init(&whole, 4 * MiB);
	buf_add(&whole, lines);
	buf_print(&whole,
		  "{\"fact\":\"end\",\"status\":\"complete\",\"facts\":%llu,\"sha256\":\"%s\"}\n",
		  facts, sum);
	read_back(buf_slice(&whole));
	buf_release(&whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	read_back(slice_of(data, len));
	read_closed(slice_of(data, len));
	return 0;
}
