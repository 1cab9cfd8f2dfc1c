"""The one file service: every upload door checks, stores and serves its files here (docs/files.md)."""
