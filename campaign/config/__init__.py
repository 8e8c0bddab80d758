"""Template, settings and run plan: what a person writes down, checked and frozen."""
