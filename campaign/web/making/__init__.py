"""Making of a run's files: reports, workbooks, and the others that can be downloaded."""
