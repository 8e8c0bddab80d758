"""Words and values of pages, of what use cases return."""
