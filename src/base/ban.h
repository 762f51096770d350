/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that must not appear in kensa. Include last, in every .c file. */
#ifndef BASE_BAN_H
#define BASE_BAN_H

#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok gets
#pragma GCC poison scanf sscanf fscanf atoi atol atof strtol strtoul
#pragma GCC poison system popen tmpnam mktemp localtime gmtime ctime asctime
#pragma GCC poison setlocale rand srand

#endif
