"""The verbs and their flags, as the terminal takes them."""
