"""A loaded sheet, or rows to be called again, as a draft: load, look, answer, publish, expire are acts of their own."""
