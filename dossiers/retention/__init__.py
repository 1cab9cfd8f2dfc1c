"""How long dossiers stay: the bin, notices, and their end (docs/dossier-retention.md)."""
