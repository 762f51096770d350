// SPDX-License-Identifier: Apache-2.0
#include "sheet/sheet.h"
#include "base/ban.h"
enum err sheet_judge(const struct sheet *s, const struct record *r, uint64_t class_no, struct judgement *out)
{ (void)s; (void)r; (void)class_no; *out=(struct judgement){0}; return OK; }
void judgement_release(struct judgement *j) { (void)j; }
