"""Writes what a warehouse knows to files that other programs open, each table and column explained beside it."""

from warehouse.exports.about import About, Export, Window
from warehouse.exports.answers import write_answer
from warehouse.exports.questions import Question, read_question
from warehouse.exports.relations import Column
from warehouse.exports.safe_text import escape, unescape
from warehouse.exports.writing import SHAPES, check_order, export

__all__ = [
    "SHAPES",
    "About",
    "Column",
    "Export",
    "Question",
    "Window",
    "check_order",
    "escape",
    "export",
    "read_question",
    "unescape",
    "write_answer",
]
