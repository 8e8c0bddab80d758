"""Use cases, one file for each: all that the command line, the web page and the worker call."""
