"""The HTTP of the stand-in, down to the bytes."""
