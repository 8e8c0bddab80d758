"""The suppression list as a person keeps it. To show it needs `entries` alone: what reads numbers is slow to start."""
