"""The durable truth: runs, rows, attempts and their history, held by the database's own rules."""
