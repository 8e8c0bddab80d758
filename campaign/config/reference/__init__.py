"""Reference of templates: every key with its meaning."""
