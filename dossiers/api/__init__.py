"""API with tokens, webhooks."""
