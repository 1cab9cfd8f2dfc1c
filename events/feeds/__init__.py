"""What other software reads of the agenda: calendars, data, the agenda in other sites' pages (docs/calendars.md)."""
