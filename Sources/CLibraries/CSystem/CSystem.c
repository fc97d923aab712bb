#define _GNU_SOURCE
#include "CSystem.h"
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* initial-exec: one load instead of a call for each access. It is part of the executable, never loaded later. */
#define FAST_THREAD_LOCAL static _Thread_local __attribute__((tls_model("initial-exec")))
FAST_THREAD_LOCAL int loop_index = -1;
FAST_THREAD_LOCAL void *current_loop = 0;
FAST_THREAD_LOCAL int thread_slot = -2;

static atomic_uint taken_slots = 0;
static pthread_key_t slot_key;
static pthread_once_t slot_once = PTHREAD_ONCE_INIT;

int vitrine_loop_index(void) { return loop_index; }
void *vitrine_current_loop(void) { return current_loop; }

void vitrine_set_current_loop(int index, void *loop) {
    loop_index = index;
    current_loop = loop;
}

static void release_slot(void *value) {
    unsigned slot = (unsigned)((uintptr_t)value - 1);
    thread_slot = -1;
    /* Release: the next owner of the slot sees all that this thread wrote to the slot's cells. */
    atomic_fetch_and_explicit(&taken_slots, ~(1u << slot), memory_order_acq_rel);
}

static void make_slot_key(void) { pthread_key_create(&slot_key, release_slot); }

static int take_slot(void) {
    pthread_once(&slot_once, make_slot_key);
    unsigned taken = atomic_load_explicit(&taken_slots, memory_order_acquire);
    while (taken != ~0u) {
        unsigned slot = (unsigned)__builtin_ctz(~taken);
        if (atomic_compare_exchange_weak_explicit(
                &taken_slots, &taken, taken | (1u << slot), memory_order_acq_rel, memory_order_acquire)) {
            pthread_setspecific(slot_key, (void *)(uintptr_t)(slot + 1));
            return (int)slot;
        }
    }
    return -1;
}

int vitrine_thread_slot(void) {
    int slot = thread_slot;
    if (__builtin_expect(slot == -2, 0)) {
        slot = take_slot();
        thread_slot = slot;
    }
    return slot;
}

int vitrine_set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

int vitrine_set_close_on_exec(int descriptor, int enabled) {
    int flags = fcntl(descriptor, F_GETFD);
    if (flags < 0) return -1;
    return fcntl(descriptor, F_SETFD, enabled ? flags | FD_CLOEXEC : flags & ~FD_CLOEXEC);
}

int vitrine_accept(int descriptor, struct sockaddr *address, socklen_t *length) {
    return accept4(descriptor, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

void vitrine_name_thread(const char *name) {
    char kept[16];
    strncpy(kept, name, sizeof kept - 1);
    kept[sizeof kept - 1] = 0;
    pthread_setname_np(pthread_self(), kept);
}

void vitrine_buffer_lines(void) { setvbuf(stdout, 0, _IOLBF, 0); }

/* As the kernel defines it (sched_setattr(2)); the C library of Debian 12 does not. */
struct scheduling {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

void vitrine_background_thread(void) {
    /* A slice of 0.1 ms: a thread that wakes need not wait for the end of one of the usual 3 ms (Linux 6.12 and later;
       earlier ones take the rest). Not worth failing for: without it the thread is one like the others. */
    struct scheduling wanted = {.size = sizeof wanted, .policy = SCHED_BATCH, .nice = 5, .runtime = 100000};
    if (syscall(SYS_sched_setattr, 0, &wanted, 0) == 0) return;
    struct sched_param parameters = {0};
    (void)sched_setscheduler(0, SCHED_BATCH, &parameters);
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 5);
}
