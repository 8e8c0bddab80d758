"""Use cases of servers: who may use them, what was uploaded, what they were told to dial; the stand-in, webhooks."""
