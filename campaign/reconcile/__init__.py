"""Reconcile: settles lost answers by reading AICaller's list, before, during and after a run."""
