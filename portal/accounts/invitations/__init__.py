"""Invitations: a person who may give a role offers it to an address of a mailbox (docs/invitations.md)."""
