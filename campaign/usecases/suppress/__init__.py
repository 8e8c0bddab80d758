"""Use cases of the suppression list. Showing it needs `entries` alone: the number reader is slow to start."""
