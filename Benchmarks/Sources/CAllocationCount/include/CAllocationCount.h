#pragma once
#include <stdint.h>

/* Linked into an executable, this target stands in front of malloc(3) and its relatives and counts their calls, those of
   the Swift runtime and of C libraries included. Freeing is not counted, and realloc(3) counts as one allocation.

   When the variable VITRINE_BENCH_ALLOCATIONS names a file at start, the counts of all threads live in its first 16 bytes
   (calls, then bytes, as native 64-bit numbers), where another process can read them at any time. */

/* Calls by the calling thread. */
uint64_t bench_own_allocations(void);
