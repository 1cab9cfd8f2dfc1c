"""Types of dossiers: their administration, publishing, the ready ones."""
