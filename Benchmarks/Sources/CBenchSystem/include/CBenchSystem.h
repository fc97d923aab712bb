#pragma once
#include <poll.h>
#include <stdint.h>
#include <time.h>

/* Nanoseconds of CLOCK_MONOTONIC. */
static inline uint64_t bench_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Nanoseconds of processor time of the calling thread. */
static inline uint64_t bench_processor_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ppoll(2) without a signal mask: poll(2) rounds to milliseconds, which is longer than what is measured here. */
int bench_poll(struct pollfd *descriptors, uint64_t count, uint64_t nanoseconds);

/* Has timers of this thread fire as punctually as the kernel can (PR_SET_TIMERSLACK); the default is 50 us late. */
void bench_be_punctual(void);

/* A non-blocking TCP connection to 127.0.0.1 without Nagle's delay; -1 on failure. Connecting itself blocks. */
int bench_connect(uint16_t port);

/* The first cores this process may use; how many were stored, `most` at the most. */
int bench_cores(int *cores, int most);

/* Binds the calling thread to a core; 0 on success. */
int bench_bind(int core);
