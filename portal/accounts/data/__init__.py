"""The life of a person's data: what they may have of it, its erasure, and accounts nobody uses any more.

``docs/personal-data.md`` is its inventory.
"""
