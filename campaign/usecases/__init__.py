"""One file for each thing that a person can ask for; all that a front may call."""
