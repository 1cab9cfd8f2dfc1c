"""Messages, notes, complements and their deadlines, avis, notices."""
