"""Dialling inside the server: one thread for each run, and one for the schedules."""
