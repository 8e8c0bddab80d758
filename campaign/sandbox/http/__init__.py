"""HTTP of the stand-in, at the level of bytes."""
