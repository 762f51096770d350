/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop and the guards that all decompressors share: output in chunks up to the ceiling of the
 * buffer, an end to streams that grow beyond every honest ratio, E_SHORT where input ran out.
 */
#ifndef FORMAT_CODEC_PUMP_H
#define FORMAT_CODEC_PUMP_H

#include "format/codec.h"

struct pump {
	struct slice in; /* what is left of the input */
	uint8_t *room;   /* where output goes */
	size_t room_len; /* at least 1 */
	size_t took, made;
};

/* One step of a decoder: sets took and made. OK to be called again, E_END after the stream's last
 * byte, or what is wrong. No progress at all is OK too: the pump knows what it means. */
typedef enum err pump_step(void *decoder, struct pump *p);

/* Runs `step` to the end of the stream, as codec.h promises for every codec. */
MUST_CHECK enum err pump_run(pump_step *step, void *decoder, struct slice in, struct buf *out,
			     size_t *used);

/* True when a stream grew beyond every honest ratio. */
bool pump_is_bomb(size_t taken, size_t given);

#endif
