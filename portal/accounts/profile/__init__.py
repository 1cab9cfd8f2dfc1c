"""What a person says of themselves, in short steps (docs/profile.md)."""
