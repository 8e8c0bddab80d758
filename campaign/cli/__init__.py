"""Command line: parses arguments, prints results, sets exit codes; contains no rules."""
