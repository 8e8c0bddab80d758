"""Use cases of an uploaded sheet that is loaded: correct its rows, answer its questions, launch or schedule it."""
