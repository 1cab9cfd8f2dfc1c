"""What people do with a sending: prepare it, have it approved, let it go, follow it, stop it (docs/campaigns.md)."""
