"""Invitations of colleagues on one dossier: screens, mails (docs/dossier-sharing.md)."""
