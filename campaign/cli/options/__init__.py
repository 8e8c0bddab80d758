"""What was said on the command line, typed: one frozen object for each verb."""
