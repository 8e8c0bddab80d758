"""Commands of servers: who may use them, the stand-in, webhooks."""
