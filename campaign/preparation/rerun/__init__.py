"""Rerun: selects failed rows of an earlier run, and screens the corrected ones anew."""
