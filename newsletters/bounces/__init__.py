"""What comes back of the copies sent: returned messages, complaints, providers' events (docs/bounces.md)."""
