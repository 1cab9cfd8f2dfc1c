"""Registering to an occurrence: seats, waiting list, links, mails and reminders. See docs/registration.md."""
