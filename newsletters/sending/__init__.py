"""From a frozen letter to each person's copy: snapshot, claims, merging, transports (docs/sending.md)."""
