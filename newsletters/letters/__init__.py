"""Writing a letter: its blocks, what is selected for it, and what it becomes as HTML and text."""
