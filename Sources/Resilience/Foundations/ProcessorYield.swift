import Glibc

/// Gives up the rest of the thread's time slice.
func yieldProcessor() { sched_yield() }
