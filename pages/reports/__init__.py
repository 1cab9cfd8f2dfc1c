"""Reports by readers, and pages to read again: what keeps published pages true (docs/editing.md)."""
