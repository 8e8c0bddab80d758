"""Suppression by keyed hash, and erasure."""
