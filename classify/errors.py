"""What can be wrong with a codebook or a coded file, each a sentence with place, value and expectation."""


class ClassifyError(Exception):
    """Anything the classifier says of its own accord; its text is a sentence meant for a person."""


class CodebookError(ClassifyError):
    """A codebook cannot be used; the text names file, line, value and expectation."""
