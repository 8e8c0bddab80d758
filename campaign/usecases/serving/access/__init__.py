"""Who may use the page and the API: users, their passwords and sessions, and tokens of programs."""
