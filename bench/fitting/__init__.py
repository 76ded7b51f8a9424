"""What `bench.fit_weights` fits on, and how it writes what it found."""
