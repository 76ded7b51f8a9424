"""One module per command; `audit.cli` finds them by name and loads only the one that is asked for."""
