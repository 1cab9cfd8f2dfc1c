"""Screens of the instructing service."""
