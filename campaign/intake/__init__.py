"""From a sheet to contacts: reading, columns, phone numbers, screening."""
