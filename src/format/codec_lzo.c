// SPDX-License-Identifier: Apache-2.0
// Stands in for the LZO1X decoder until that file replaces this one.

#include "format/codec.h"

#include "base/ban.h"

enum err codec_lzo1x(struct slice in, struct buf *out, size_t *used)
{
	(void)in;
	(void)out;
	if (used)
		*used = 0;
	return E_UNSUPPORTED;
}
