"""Engine: dials one run. Queue, rate limiter, circuit breaker, pool, live pace."""
