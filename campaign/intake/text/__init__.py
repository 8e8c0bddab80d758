"""Text sheets: encoding, dialect, records."""
