"""Exports of the instructor's list: tables, archives, contacts; made in the background (docs/dossier-exports.md)."""
