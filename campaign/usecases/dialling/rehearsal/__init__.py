"""Rehearsal of a campaign: played through on a fast clock, and counted."""
