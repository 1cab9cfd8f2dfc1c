"""The letters in the administration: a module a part, gathered by ``newsletters.wagtail_hooks``."""
