"""Work of a worker: which runs it takes, and one of them carried out."""
