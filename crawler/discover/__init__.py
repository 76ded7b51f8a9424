"""Finding institutions' accounts from their own websites: a few pages each, read politely, nothing private asked."""
