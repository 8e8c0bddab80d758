"""Scheduler: schedules, and one tick of them."""
