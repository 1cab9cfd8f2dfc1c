"""Screens of the organisation: drafts, deposit, answers, people invited."""
