"""Journeys in Debian's Chromium, on the demonstration."""
