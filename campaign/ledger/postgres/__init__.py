"""What only PostgreSQL knows: its schema, with the same rules by the same names."""
