"""The nouns, errors and instants of the project; imports nothing of it."""
