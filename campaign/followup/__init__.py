"""Follow-up of calls: polling outcomes, retries by outcome, canary, webhooks."""
