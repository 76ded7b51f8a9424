"""What can be wrong with a warehouse, feed or question, each a sentence with place and expectation."""


class WarehouseError(Exception):
    """Anything the warehouse says of its own accord; its text is a sentence meant for a person."""


class BusyError(WarehouseError):
    """Another process writes the warehouse; the text names the file."""


class ForeignError(WarehouseError):
    """A database that is no warehouse; the text names the file."""


class FeedError(WarehouseError):
    """A feed file cannot be loaded; the text names file, line and expectation."""


class QueryError(WarehouseError):
    """A query or one of its parameters is not known; the text names the nearest known one."""


class ExportError(WarehouseError):
    """An export cannot be written as asked; the text names the place and what was expected."""
