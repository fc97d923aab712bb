// Circuit breaker, retry and its budget, limiters, bulkhead, load shedding: state machines first.
