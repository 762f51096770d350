// SPDX-License-Identifier: Apache-2.0
// One importer on one record (IMPORTER), or a whole file through unpacking and cutting (no
// IMPORTER). Whatever is said must pass through the pipe's form unharmed.

#include "fuzz.h"

#include "../tests/unit/importing.h"

#include "base/ban.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct said s;

#ifdef IMPORTER
	said_record(&s, &IMPORTER, slice_of(data, len));
#else
	said_import(&s, slice_of(data, len));
#endif
	FUZZ_CHECK(s.err != E_CORRUPT || s.why.code == E_CORRUPT);
	said_release(&s);
	return 0;
}
