/* SPDX-License-Identifier: Apache-2.0 */
/* The walls around a worker: landlock (no file), then seccomp (no system call it does not need). */
#ifndef OS_SANDBOX_H
#define OS_SANDBOX_H

#include "base/base.h"

/* Of no return. Only `results` can be written to afterwards, only WORKER_INPUT … read.
 * E_SANDBOX when seccomp refuses. */
MUST_CHECK enum err sandbox_enter(int results, size_t inputs_n);

#endif
