"""What became of the calls; retries by outcome, canary, webhooks."""
