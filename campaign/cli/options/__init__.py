"""Typed options of the command line: one frozen object for each command."""
