"""One file for each thing that a person can ask for: all that a front calls. A front says which, and shows the rest."""
