"""The web front: pages for people without a terminal, over the same use cases; extra `web`."""
