"""The desk: the command line, the study file, and the steps that call the three packages in turn."""
