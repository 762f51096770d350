# SPDX-License-Identifier: Apache-2.0
# gzip members: one with a name, one of a larger text.
seq 1 4000 > numbers
gzip -9 --no-name -c numbers > numbers.gz
