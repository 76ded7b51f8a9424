"""The registry of institutions: whole, well-formed, and honest about what nobody verified."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from crawler.discover.address import read_host
from crawler.errors import StudyError
from crawler.registry import (
    FIELDS,
    PROVINCES,
    find_by_name,
    find_by_website,
    find_institutions,
    plain,
    read_institutions,
    read_registry,
    site_of,
)

REGISTRY = read_registry()


def test_it_has_the_institutions_of_both_levels() -> None:
    counts = Counter(one.level for one in REGISTRY)
    assert counts["hbo"] == 36
    assert counts["mbo"] >= 55
    assert set(counts) == {"mbo", "hbo"}
    types = Counter(one.type for one in REGISTRY)
    assert {"roc", "vakschool", "aoc", "hogeschool", "kunst", "pabo"} == set(types)


@pytest.mark.parametrize("one", REGISTRY, ids=[one.institution for one in REGISTRY])
def test_a_row_is_well_formed_and_marked_unverified(one: object) -> None:
    institution = next(known for known in REGISTRY if known is one)
    assert institution.place
    assert institution.region in PROVINCES
    assert (institution.verified, institution.checked_at) == ("no", "")
    assert institution.source == "general knowledge"
    assert institution.as_of
    assert set(institution.unsure) <= set(FIELDS)
    if institution.website:
        assert read_host(institution.website)[0] == "https"


def test_no_name_and_no_website_is_there_twice() -> None:
    names = Counter(plain(name) for one in REGISTRY for name in dict.fromkeys(map(plain, one.names)))
    assert [name for name, count in names.items() if count > 1] == []
    sites = Counter(site_of(one.website) for one in REGISTRY if one.website)
    assert [site for site, count in sites.items() if count > 1] == []


def test_an_institution_is_found_by_a_former_name_and_by_its_website() -> None:
    found = find_by_name(REGISTRY, "roc friese  poort")
    assert found is not None
    assert found.institution == "Firda"
    assert find_by_name(REGISTRY, "geen school") is None
    there = find_by_website(REGISTRY, "http://saxion.nl/studeren")
    assert there is not None
    assert there.institution == "Saxion"
    assert find_by_website(REGISTRY, "") is None
    assert find_by_website(REGISTRY, "http://[kapot") is None


def test_a_search_needs_all_words_whatever_their_spelling() -> None:
    assert {one.institution for one in find_institutions(REGISTRY, "ZWOLLE mbo roc")} == {"Landstede MBO"}
    assert len(find_institutions(REGISTRY, "", "hbo")) == 36
    assert find_institutions(REGISTRY, "zwolle", "hbo")
    assert not find_institutions(REGISTRY, "zwolle atlantis")


def test_a_file_of_institutions_is_read_as_spreadsheets_write_it(tmp_path: Path) -> None:
    path = tmp_path / "scholen.csv"
    path.write_bytes(
        "institution;level;website\r\nÉén College;MBO;https://een.example\r\n\r\n".encode("cp1252")
    )
    (one,) = read_institutions(path)
    assert (one.institution, one.level, one.website) == ("Één College", "mbo", "https://een.example")


def test_a_list_of_accounts_gives_each_institution_once() -> None:
    demo = Path(__file__).parents[2] / "examples/demo/accounts.csv"
    assert len(read_institutions(demo)) == 12


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("naam,website\nx,y\n", "has no column institution; it has naam, website"),
        ("", "has no column institution; it has none"),
        ("institution,level\nX,wo\n", "scholen.csv line 2: level is 'wo'; expected one of mbo, hbo"),
        ('institution,level\n"X,mbo\n', "scholen.csv line 2: unexpected end of data"),
    ],
)
def test_a_wrong_file_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "scholen.csv"
    path.write_text(text)
    with pytest.raises(StudyError) as error:
        read_institutions(path)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"\x01\x02abc" * 500, "has no column institution"), (b"\x01\x02abc" * 500 + b",", "twice; expected")],
)
def test_a_binary_file_is_told_in_a_line(tmp_path: Path, body: bytes, told: str) -> None:
    path = tmp_path / "scholen.csv"
    path.write_bytes((body * 2 if body.endswith(b",") else body) + b"\n1,2,3\n")
    with pytest.raises(StudyError, match=told) as error:
        read_institutions(path)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 350 + len(str(path))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="is not there; expected a CSV file of institutions"):
        read_institutions(tmp_path / "weg.csv")
