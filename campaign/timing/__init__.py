"""Pure arithmetic on time: `now` is always an argument, and nothing here sleeps."""
