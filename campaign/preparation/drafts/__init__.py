"""Drafts: a loaded sheet, or rows to be called again; loaded, read, answered, published and expired separately."""
