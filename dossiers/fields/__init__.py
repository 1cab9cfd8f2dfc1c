"""Kinds of fields: forms, values, conditions, display, differences."""
