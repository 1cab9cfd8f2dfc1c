"""Letters that draft themselves."""
