"""The report of a study: one HTML file that opens offline, and its summary in the terminal."""
