"""How a study begins: what is asked of a person, what is written, and which roads are open."""
