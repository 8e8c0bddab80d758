"""Pacing: when the next call may leave. Rate limiter, circuit breaker."""
