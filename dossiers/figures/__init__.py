"""Figures of dossiers: for who instructs, and for everybody (docs/dossier-figures.md)."""
