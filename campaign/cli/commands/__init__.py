"""What each verb does: ask, call its use case, say how it ended."""
