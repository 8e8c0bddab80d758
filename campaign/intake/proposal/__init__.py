"""The template that is proposed for an unknown sheet."""
