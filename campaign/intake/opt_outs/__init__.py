"""Opt-outs: which columns, cells and remarks say that a person is not to be called."""
