"""What the desk adds to an export: how the figures came about, how to cite it, and where it went."""
