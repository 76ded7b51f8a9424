"""The schedule of a study: what comes due when, what came of it, and the one process that sees to it."""
