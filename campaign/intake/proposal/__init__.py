"""Proposal of a template for an unknown sheet."""
