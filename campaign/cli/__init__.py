"""Words in, words out, exit codes; no rule lives here."""
