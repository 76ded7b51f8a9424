"""Keeps posts, counts, outcomes and codings in DuckDB, and answers questions about them."""
