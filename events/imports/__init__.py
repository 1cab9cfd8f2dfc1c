"""Import of events from files of others: calendars (.ics), OpenAgenda exports, tables. See docs/imports.md."""
