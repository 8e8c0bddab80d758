"""Use cases of a server: what it was told to dial, uploads, users, tokens, and the history of acts."""
