"""Sandbox: a stand-in for AICaller on this machine, with faults on demand."""
