"""The desk: the command line, the study file, and the steps that call crawler, classify and warehouse in turn."""
