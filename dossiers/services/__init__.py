"""Every change of a dossier: one function each, in one transaction, under the lock of its row."""
