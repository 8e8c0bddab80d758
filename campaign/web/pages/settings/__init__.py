"""Pages of settings: the key, templates, users and tokens."""
