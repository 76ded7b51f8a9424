"""Codes posts by rules that a researcher can read, and says which words decided."""
