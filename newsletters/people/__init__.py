"""What a person decides of their letters and data: messages to them, links, screens (docs/subscribers.md)."""
