"""Pure time arithmetic: `now` is always an argument, and nothing here sleeps."""
