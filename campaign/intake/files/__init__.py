"""What kind of file a sheet is, and how its owner wants it read."""
