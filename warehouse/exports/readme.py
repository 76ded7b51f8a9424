"""The first page of an export: what is in it, how to open it, and what must be known before it is used or shared."""

from __future__ import annotations

from collections.abc import Sequence

from warehouse.exports.about import About, Window

REMOVED = (
    "institutions, accounts, posts, captures, crawls and people who coded have pseudonyms (HMAC-SHA256 under a key "
    "that stays with the study, the same in all its exports); handles, names, ids, addresses, places, regions and "
    "programmes are left out, and so is the type of institution where fewer than five of the study share it",
    "titles, texts, alternative texts, transcripts, hashtags, mentions and the words of the evidence are left out: a "
    "text that is public is found by searching for it",
    "moments are the Monday of their week; counts from 10 on are rounded to a digit and a half",
)
REMAINS = (
    "This is pseudonymised, not anonymous. Whoever collects the same accounts can match an account by how many posts "
    "it made in each week, and from there the institution; whoever has the key can name everyone. Under the GDPR it "
    "remains personal data where the posts were: share it under an agreement, and not with the key "
    "(state/export.key). The title of the study is in it."
)
_WHOLE = (
    "It holds names, words and addresses of accounts as the platforms showed them. The words are their makers'; whom "
    "you may give them to is decided by the law, the platforms' terms and your legal ground, not by this folder."
)


def introduction(about: About, window: Window, *, is_shared: bool) -> list[tuple[str, str]]:
    """Return what the first sheet of a workbook says, as pairs of name and text."""
    lines = [
        ("study", about.title),
        ("made", f"{about.made_at:%Y-%m-%d %H:%M} UTC, by {about.software}"),
        ("posts of", str(window)),
        ("figures of", str(window.within(about))),
        ("licence", _licence(about)),
        (
            "times",
            "Columns that end in _utc are in UTC, in _amsterdam in Dutch time; those are empty where only a day is "
            "known.",
        ),
        ("empty", "What the platform did not show. It is never 0."),
    ]
    return lines + ([("shared", text) for text in (*REMOVED, REMAINS)] if is_shared else [("care", _WHOLE)])


def read_me(about: About, window: Window, notes: Sequence[str], *, is_shared: bool) -> str:
    """Return the page."""
    parts = [
        f"# {about.title}",
        f"An export of {about.made_at:%d %B %Y} by {about.software}. Posts of {window}; figures over "
        f"{window.within(about)}. {_licence(about)}",
        _FILES,
        _OPENING,
        _shared() if is_shared else f"## Before you share it\n\n{_WHOLE}",
    ]
    if notes:
        parts.append("## What the workbook could not hold\n\n" + "\n".join(f"- {note}" for note in notes))
    return "\n\n".join(parts) + "\n"


def _licence(about: About) -> str:
    if about.licence:
        return f"Licence: {about.licence}."
    return "No licence was named: nobody may pass it on without asking."


def _shared() -> str:
    return "## Pseudonymised\n\n" + "\n".join(f"- {text}" for text in REMOVED) + f"\n\n{REMAINS}"


_FILES = """## What is in it

| file | what it is |
|---|---|
| `parquet/`, `csv/` | a file per table; `answers/` has the figures, each with its interval |
| `tables.xlsx` | the same as a workbook, a sheet per table |
| `dictionary.md`, `dictionary.csv` | what every column means |
| `datapackage.json` | the same for programs: types, keys, hashes (Data Package) |
| `methods.nl.md`, `methods.en.md` | a paragraph on how the figures came about, for a report |
| `CITATION.cff` | how to cite it |
| `manifest.json` | SHA-256 of every file |

Shapes that were not asked for are not there."""

_OPENING = """## Opening it

Parquet keeps all types and is the one for programs. CSV is UTF-8 with a mark, with commas, RFC 4180; moments are in
UTC. A text that looks like a formula (it begins with = + - @ or a tab) has an apostrophe before it, so that a
spreadsheet does not run it. Reading it in Python without that:

    frame = pandas.read_csv("csv/posts.csv", dtype={"post_id": str, "post_key": str, "account_key": str})
    frame["text"] = frame["text"].str.replace(r"^'(?='*[=+\\-@\\t\\r\\n＝＋－＠])", "", regex=True)

Excel rounds ids of more than 15 digits when a CSV is opened at a double click, and with Dutch settings it expects
semicolons and decimal commas, so that all stands in one column: use the workbook, or import the file as text with
commas (Gegevens > Van tekst/CSV), in English. A text that was never shown and one that is empty look the same in CSV
and XLSX; Parquet tells them apart."""
