"""Tables, and what text they can hold."""
