"""The review of what is proposed: queue, decisions, delays."""
