"""Text sheets: detects encoding and dialect, and reads records."""
