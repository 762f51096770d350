/* SPDX-License-Identifier: Apache-2.0 */
/* The door of base: bytes, memory, text, JSON, faults, limits. Depends on nothing above it. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include "arena.h"
#include "attr.h"
#include "buf.h"
#include "cursor.h"
#include "digest.h"
#include "fault.h"
#include "index.h"
#include "json.h"
#include "jsonpull.h"
#include "lang.h"
#include "limits.h"
#include "sort.h"
#include "text.h"

#endif
