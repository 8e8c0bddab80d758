"""One file for each thing that a person can ask for: the only place where the stages meet."""
