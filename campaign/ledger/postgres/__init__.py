"""The PostgreSQL schema, as a file: the same tables and rules as on SQLite. No backend opens it yet."""
