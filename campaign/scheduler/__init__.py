"""Schedules, and one tick of them."""
