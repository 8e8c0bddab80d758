"""What became of the calls, and which rows are due again."""
