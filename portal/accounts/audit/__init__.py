"""The audit log: Wagtail's log entries, read by the national administration, changed by nobody."""
