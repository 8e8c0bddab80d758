"""The SQLite backend: file, lock, disk, migrations."""
