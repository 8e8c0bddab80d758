"""Commands that serve on a port of this machine."""
