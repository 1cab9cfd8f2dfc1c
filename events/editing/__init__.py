"""What editors do to the dates of an event: one, the following ones, all; and to events as wholes."""
