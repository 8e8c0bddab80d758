"""The faults that the stand-in makes on demand."""
