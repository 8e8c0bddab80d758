"""Call outcomes: their storage, the polling queue, and the rows that are due for another call."""
