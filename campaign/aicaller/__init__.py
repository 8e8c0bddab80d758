"""Client of AICaller's API: requests, transport, what each ending proves, reading calls."""
