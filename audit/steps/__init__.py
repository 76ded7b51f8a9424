"""The steps of an audit, each usable alone: crawl, load, code; the report is `audit.report`."""
