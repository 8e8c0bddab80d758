"""Loading of uploaded sheets in the background."""
