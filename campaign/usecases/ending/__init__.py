"""Ends of runs: their waiting rows cancelled, their people erased."""
