"""Presentation: texts and plain values from what the use cases return; shared by all fronts."""
