"""Declarations of the commands and their flags for click."""
