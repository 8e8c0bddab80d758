"""What `campaign init` proposes for an unknown sheet."""
