"""Texts and plain values of what the use cases return; shared by all fronts."""
