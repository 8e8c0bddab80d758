"""When the next call may leave, and when none may: rate limiter, circuit breaker."""
