"""What becomes of a call after it was made: what a reading of it says."""
