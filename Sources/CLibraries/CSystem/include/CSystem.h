#pragma once
#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* Index of the event loop that owns the calling thread, from 0; -1 on every other thread. */
int vitrine_loop_index(void);
/* The event loop that owns the calling thread, as an unretained pointer; NULL on every other thread. */
void *vitrine_current_loop(void);
/* Called once by a loop's thread before it serves. */
void vitrine_set_current_loop(int index, void *loop);

/* A small number that is this thread's alone while it lives, from 0 to VITRINE_THREAD_SLOTS - 1; -1 once all are taken.
   Recorders keep one unshared cell per slot, so that recording needs no locked instruction. Freed at thread exit. */
#define VITRINE_THREAD_SLOTS 32
int vitrine_thread_slot(void);

/* Nanoseconds of CLOCK_MONOTONIC and CLOCK_REALTIME. */
static inline uint64_t vitrine_monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
static inline uint64_t vitrine_realtime_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* prctl and fcntl are variadic, which Swift cannot call. */
static inline int vitrine_set_parent_death_signal(int signal_number) {
    return prctl(PR_SET_PDEATHSIG, (unsigned long)signal_number, 0ul, 0ul, 0ul);
}
int vitrine_set_nonblocking(int descriptor);
int vitrine_set_close_on_exec(int descriptor, int enabled);

/* GNU extensions, which the importer does not see. The accepted socket is non-blocking and closed on exec. */
int vitrine_accept(int descriptor, struct sockaddr *address, socklen_t *length);
/* Names the calling thread; at most 15 bytes are kept. */
void vitrine_name_thread(const char *name);
/* Lets the calling thread give way to the process's others: it does not preempt them when it wakes, and gets about a third
   of the time of one of them on a busy processor (sched(7), SCHED_BATCH; setpriority(2)). */
void vitrine_background_thread(void);

/* Whole seconds since the epoch, from the kernel's last tick: cheaper than an exact reading. */
static inline uint64_t vitrine_coarse_realtime_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return (uint64_t)now.tv_sec;
}

/* Standard output leaves a line at a time, also into a pipe. */
void vitrine_buffer_lines(void);
