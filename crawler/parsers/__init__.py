"""Pure functions from a capture to what it says: no Scrapy, network or clock here."""
