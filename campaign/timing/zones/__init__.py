"""Time zones of called people, by number, state and name; parsing of written times."""
