"""`init`: inspects a sheet, asks its owner what only they know, and writes a matching template."""
