"""Pieces: uploads, versions, who downloads."""
