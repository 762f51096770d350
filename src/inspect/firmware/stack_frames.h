/* SPDX-License-Identifier: Apache-2.0 */
/* How much stack the functions of a program set aside, read from their prologues. */
#ifndef INSPECT_FIRMWARE_STACK_FRAMES_H
#define INSPECT_FIRMWARE_STACK_FRAMES_H

#include "format/elf.h"

struct stack_frames {
	bool is_known;      /* this CPU's prologues can be read */
	uint32_t least;     /* a smaller frame is explained by saved registers and arguments */
	uint32_t largest;   /* bytes; the search ends at FRAME_LARGE */
	uint64_t at;        /* where in the file */
	uint64_t code_size; /* bytes in executable segments */
};

/* A frame of this size or more holds arrays (or structures), whatever the CPU. */
enum { FRAME_LARGE = 256 };

struct stack_frames stack_frames_find(const struct elf *e);

#endif
