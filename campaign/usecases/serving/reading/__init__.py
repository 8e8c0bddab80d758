"""How an uploaded sheet is read: what only its owner can say of it, and what its columns are."""
