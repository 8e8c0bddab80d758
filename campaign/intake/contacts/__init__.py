"""Contacts: turns a row into a contact, or into its problems."""
