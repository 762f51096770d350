// SPDX-License-Identifier: Apache-2.0
// The walls around a worker.

#define _GNU_SOURCE
#include "os/sandbox.h"

#include <errno.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/os.h"

#include "base/ban.h"

/* Memory, time, ending. Writing and mapping are allowed apart, with conditions. */
static const int allowed[] = {
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(futex),
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(tgkill),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(close),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
};

/* Libraries that look for an optional file are told there is none; anything else is the end. */
static const int refused[] = {
	SCMP_SYS(open),    SCMP_SYS(openat),    SCMP_SYS(stat),     SCMP_SYS(newfstatat),
	SCMP_SYS(access),  SCMP_SYS(fstat),     SCMP_SYS(readlink), SCMP_SYS(readlinkat),
	SCMP_SYS(ioctl),   SCMP_SYS(uname),     SCMP_SYS(umask),    SCMP_SYS(getcwd),
	SCMP_SYS(sysinfo), SCMP_SYS(prlimit64), SCMP_SYS(statx),    SCMP_SYS(faccessat),
	SCMP_SYS(fcntl),   SCMP_SYS(lseek),     SCMP_SYS(read),
};

static bool add_rules(scmp_filter_ctx ctx, int results, size_t inputs_n)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
		rc |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		rc |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOENT), refused[i], 0);
	rc |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
			       SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)results));
	rc |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
			       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	rc |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
			       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	for (size_t i = 0; i < inputs_n; i++)
		rc |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(pread64), 1,
				       SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)(WORKER_INPUT + i)));
	return rc == 0;
}

static bool enter_seccomp(int results, size_t inputs_n)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool is_on = ctx && add_rules(ctx, results, inputs_n) && seccomp_load(ctx) == 0;

	if (ctx)
		seccomp_release(ctx);
	return is_on;
}

static int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

/* A ruleset that handles every file right and grants none. The rights of ABI 1 (Linux 5.13) are
 * those a newer kernel also knows; seccomp stands in front of the rest. */
static void enter_landlock(void)
{
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1,
	};
	long fd = landlock_abi() ? syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0) : -1;

	if (fd < 0)
		return;
	(void)syscall(SYS_landlock_restrict_self, (int)fd, 0);
	close((int)fd);
}

enum err sandbox_enter(int results, size_t inputs_n)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return E_SANDBOX;
	enter_landlock();
	return enter_seccomp(results, inputs_n) ? OK : E_SANDBOX;
}

struct protection protection_available(void)
{
	uint32_t action = SECCOMP_RET_KILL_PROCESS;

	return (struct protection){
		.seccomp = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0,
		.landlock = (unsigned)landlock_abi(),
	};
}
