"""From a row to a contact or its problem."""
