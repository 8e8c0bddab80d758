"""Python API: what `import campaign` gives, over the same use cases as the command line. It adds no rules."""
