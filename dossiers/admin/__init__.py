"""« Dossiers » in the administration: types and their publishing, enveloppes, rules of territories, national axes."""
