"""Bringing addresses in from a file: read, tried, then written; taken back whole. See docs/subscriber-imports.md."""
