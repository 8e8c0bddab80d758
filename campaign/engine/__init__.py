"""Dials one run: queue, rate limiter, circuit breaker, pool, live pace."""
