"""Campaigns, what became of their copies, and their statistics."""
