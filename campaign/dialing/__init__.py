"""From a call request to its outcome: the pool of workers, the client, and what each ending proves."""
