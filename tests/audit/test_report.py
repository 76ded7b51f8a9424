"""What a report says: every figure counted again by hand, and in words what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from audit.cli import uitzicht
from audit.report import Report, write_report
from audit.report.page import render
from audit.report.summary import summary
from audit.steps.load import load
from audit.study import Study
from tests.audit.page import Element, read_page
from tests.audit.studies import Seen, Told, make_study, posts
from tests.warehouse.making import NOW, feed, post, write_feed
from warehouse.errors import WarehouseError
from warehouse.intervals import wilson

SCRIPT = "<script>alert(1)</script> & een baan"
NASTY = Told(themes=("labour_market", "open_day"), text=SCRIPT, words="een baan")

# Six mbo and one hbo institution; of the 6 x 50 + 20 posts, 6 x 5 + 1 + 2 are about labour-market prospects.
ACCOUNTS = [
    *(Seen(institution=f"ROC {n}", account=f"roc{n}", posts=posts(5, 45)) for n in range(6)),
    Seen(institution="ROC 0", account="roc0t", platform="tiktok", outcome="blocked"),
    Seen(institution="HS <b>Zee</b>", level="hbo", account="hszee", posts=(NASTY, *posts(2, 17))),
    Seen(institution="HS Muur", level="hbo", account="hsmuur", platform="linkedin", outcome="blocked"),
    Seen(institution="HS Leeg", level="hbo", account="hsleeg", outcome="empty"),
    Seen(institution="HS Deel", level="hbo", account="hsdeel", outcome="partial", posts=posts(9, 9)),
    Seen(institution="HS Nooit", level="hbo", account="@hsnooit", platform="youtube", outcome=None),
]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return make_study(tmp_path_factory.mktemp("study"), ACCOUNTS)


@pytest.fixture(scope="module")
def report(study: Study) -> Report:
    return write_report(study)


@pytest.fixture(scope="module")
def page(report: Report) -> Element:
    return read_page(report.path.read_text(encoding="utf-8"))


def table_rows(section: Element) -> dict[str, list[str]]:
    """Return the cells of every row of a section's tables by the row's name."""
    rows = [row for row in section.all("tr") if row.all("td")]
    return {row.all("th")[0].text: [cell.text for cell in row.all("td")] for row in rows}


def test_the_answer_is_one_sentence_with_all_that_belongs_to_it(report: Report) -> None:
    found = report.figures.answer
    assert (found.n_carrying, found.n_posts, found.n_institutions) == (33, 320, 7)
    assert found.low < 33 / 320 < found.high
    low, high = (f"{100 * bound:.1f}".replace(".", ",") for bound in (found.low, found.high))
    assert report.answer == (
        "Arbeidsmarktperspectief komt voor in 10,3% van de 320 berichten van 7 instellingen, geplaatst van "
        f"1 januari 2026 tot en met 20 november 2026 (95%-interval {low} tot {high}%; ongecorrigeerd)."
    )


def test_english_on_request(study: Study, tmp_path: Path) -> None:
    report = write_report(study, output=tmp_path / "en.html", language="en")
    assert report.answer.startswith(
        "Labour-market prospects appear in 10.3% of the 320 posts of 7 institutions"
    )
    assert report.answer.endswith("; uncorrected).")
    page = read_page(report.path.read_text(encoding="utf-8"))
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("p", class_="answer").text == report.answer
    assert "ongecorrigeerd" not in page.text


def test_shares_by_level_and_platform_stand_in_the_table(page: Element) -> None:
    rows = table_rows(page.one("section", id="platforms"))
    assert rows["mbo"][0] == "30 van 300"
    assert rows["hbo"][:2] == ["3 van 20", "15,0% te weinig"]
    assert rows["mbo en hbo samen"][0] == "33 van 320"
    assert rows["Instagram"][0] == "33 van 320"
    assert "TikTok" not in rows
    note = page.one("section", id="platforms").text
    assert (
        "geen berichten van volledig geziene accounts zijn: mbo TikTok, hbo YouTube en hbo LinkedIn." in note
    )


def test_too_few_posts_or_institutions_are_grey_and_without_interval(report: Report, page: Element) -> None:
    assert report.figures.by_level["hbo"].too_few
    assert report.figures.by_level["hbo"].low is None
    assert not report.figures.by_level["mbo"].too_few
    section = page.one("section", id="platforms")
    grey = [one.text for one in section.all("span", class_="few")]
    assert grey == ["15,0%"] * 2  # hbo and hbo Instagram


def test_other_ways_of_counting(report: Report) -> None:
    ways = report.figures.other_ways
    assert ways["share_primary"].n_carrying == 33
    assert ways["mean_institution_share"].share == pytest.approx((6 * 0.1 + 3 / 20) / 7)
    # ROC 0 has a blocked account; HS Leeg was seen and posted nothing.
    assert (ways["share_of_institutions"].n_carrying, ways["share_of_institutions"].n_institutions) == (6, 7)


def test_all_themes_stand_beside_it(report: Report, page: Element) -> None:
    assert {code: share.n_carrying for code, share in report.figures.themes.items()} == {
        "labour_market": 33,
        "atmosphere": 287,
        "open_day": 1,
    }
    rows = table_rows(page.one("section", id="themes"))
    assert list(rows) == ["Arbeidsmarktperspectief", "Open dag", "Sfeer"]
    assert rows["Sfeer"][2].startswith("89,7%")


def test_what_the_survey_said_stands_beside_what_was_measured(page: Element) -> None:
    rows = table_rows(page.one("section", id="survey"))
    said, done, _ = rows["Arbeidsmarktperspectief als een van drie hoofddoelen"]
    assert said.startswith("13 tot 16%")
    assert "n = 112" in said
    assert done.startswith("10,3%")
    assert rows["Arbeidsmarktperspectief als thema in een goed voorbeeld"][0].startswith("6%")  # 4 of 72
    assert "telt managers" in page.one("section", id="survey").one("p", class_="warning").text


def test_an_institution_finds_its_own_share_and_latest_post(report: Report, page: Element) -> None:
    (link,) = [one for one in page.all("a") if one.text == "ROC 3"]
    card = page.one("article", id=link.attributes["href"].removeprefix("#"))
    low, high = wilson(5, 50)
    interval = f"{100 * float(low):.1f} tot {100 * float(high):.1f}%".replace(".", ",")
    assert card.one("p", class_="figure").text == "10,0% met arbeidsmarktperspectief"
    assert f"5 van 50 berichten · 95%-interval {interval} · mbo als geheel: 10,0%" in card.text
    assert "1 van 1 account volledig" in card.text
    assert (
        card.all("time")[0].text == "17 november 2026, 12:57 uur"
    )  # noon in UTC, three days and minutes earlier
    assert "17 nov" not in page.one("section", id="months").text


def test_institutions_that_were_not_seen_have_no_zero(page: Element) -> None:
    cards = {card.one("h4").text: card for card in page.all("article", class_="card")}
    assert "Niet gemeten" in cards["HS Muur hbo"].text
    assert "Niet gemeten" in cards["HS Nooit hbo"].text
    assert "Geen berichten om te tellen" in cards["HS Leeg hbo"].text
    for name in ("HS Muur hbo", "HS Nooit hbo", "HS Deel hbo"):
        assert "Geen berichten" not in cards[name].text
        assert "0 berichten" not in cards[name].text
        assert "%" not in cards[name].text


def test_an_empty_account_says_nothing_of_an_institution_whose_other_account_was_refused(
    tmp_path: Path,
) -> None:
    undated = Told(facts={"posted_at": None, "posted_precision": "unknown"})
    accounts = [
        *(Seen(institution=f"ROC {n}", account=f"roc{n}", posts=posts(1, 9)) for n in range(5)),
        Seen(institution="HS Half", level="hbo", account="hshalf", outcome="empty"),
        Seen(institution="HS Half", level="hbo", account="hsmuur", platform="tiktok", outcome="blocked"),
        Seen(institution="HS Los", level="hbo", account="hslos", posts=(undated,)),
    ]
    page = read_page(write_report(make_study(tmp_path, accounts)).path.read_text(encoding="utf-8"))
    cards = {card.one("h4").text: card.text for card in page.all("article", class_="card")}
    assert "Niet gemeten" in cards["HS Half hbo"] and "Geen berichten" not in cards["HS Half hbo"]
    assert "de andere zijn niet volledig gezien" in cards["HS Half hbo"]
    assert "hebben geen eigen bericht met een datum in deze periode" in cards["HS Los hbo"]


def test_every_account_stands_in_the_coverage_with_its_outcome(report: Report, page: Element) -> None:
    section = page.one("section", id="coverage")
    rows = table_rows(section)
    assert len(rows) == len(ACCOUNTS) == len(report.figures.visits)
    blocked = rows["HS Muur LinkedIn · hsmuur"]
    assert blocked[0].startswith("Geblokkeerd")
    assert "sign of blocked" in blocked[0]
    assert blocked[1] == "niets te zien"
    assert "grond A" in blocked[2]
    assert rows["HS Nooit YouTube · @hsnooit"] == ["Niet bezocht er is geen bezoek geweest", "", ""]
    assert rows["HS Leeg Instagram · hsleeg"][1].startswith("0 gezien")
    assert "research exception, test" in section.one("div", id="ground-A").text
    left_out = section.all("table")[0]
    assert {row.all("th")[0].text.split()[1] for row in left_out.all("tr") if row.all("td")} == {
        "0",
        "Muur",
        "Deel",
        "Nooit",
    }


def test_what_was_seen_but_not_counted_is_told(page: Element) -> None:
    assert "Wel gezien, maar niet geteld: 18 berichten van accounts" in page.one("section", id="answer").text
    assert "4 accounts van de lijst tellen niet mee" in page.one("section", id="answer").text


def test_example_posts_show_the_words_that_told(page: Element) -> None:
    examples = page.one("section", id="examples")
    headings = [one.text for one in examples.all("h3")]
    assert headings == ["Arbeidsmarktperspectief", "Open dag", "Sfeer"]
    labour = examples.one("div", class_="t-labour_market")
    assert len(labour.all("article")) == 3
    assert {mark.text for mark in labour.all("mark")} <= {"startsalaris", "een baan"}
    assert "Herkend door de regel rule_of_labour_market." in labour.text
    link = labour.all("article")[0].all("a")[0]
    assert link.attributes["href"].startswith("https://instagram.example/")
    assert link.attributes["rel"] == "noreferrer noopener"


def test_a_caption_with_a_script_shows_as_text(report: Report, page: Element) -> None:
    open_day = page.one("section", id="examples").one("div", class_="t-open_day")
    assert open_day.one("p", class_="passage").text == SCRIPT
    assert open_day.one("mark").text == "een baan"
    assert "<script" not in report.path.read_text(encoding="utf-8")
    assert "HS <b>Zee</b> hbo" in [heading.text for heading in page.all("h4")]


def test_months_that_tell_too_little_are_grey(report: Report, page: Element) -> None:
    days = [NOW - timedelta(days=3 + place) for posts in (50,) * 6 + (20,) for place in range(posts)]
    expected = Counter(f"{day:%Y-%m}" for day in days)
    assert {month: share.n_posts for month, share in report.figures.months.items()} == expected
    rows = {row.all("th")[0].text: row for row in page.one("section", id="months").all("tr")}
    assert expected["2026-09"] < 30 < expected["2026-10"]
    assert rows["september 2026"].classes == ["few"]
    assert rows["oktober 2026"].classes == []


def test_how_it_was_made_names_versions_and_definitions(page: Element) -> None:
    method = page.one("section", id="method").text
    assert "versie book-1, gecodeerd op 21 november 2026" in method
    assert "uitzicht test" in method
    assert "Python 3." in method
    assert "tekortberoepen" in method


def test_the_same_warehouse_gives_the_same_report(study: Study, tmp_path: Path) -> None:
    first, second = (write_report(study, output=tmp_path / f"{n}.html").path.read_text() for n in range(2))
    assert first == second
    assert {path.name for path in tmp_path.iterdir()} == {"0.html", "1.html"}


STATES = {
    "nothing_visited": (
        [Seen(institution="ROC A", account="a", outcome=None)],
        "nog geen enkel account bezocht",
    ),
    "nothing_seen": (
        [Seen(institution="ROC A", account="a", outcome="blocked")],
        "geen enkel bericht gezien",
    ),
    "outside_window": (
        [Seen(institution="ROC A", account="a", posts=(Told(facts={"posted_at": "2020-01-01T00:00:00Z"}),))],
        "geen van de geziene berichten heeft een datum van 1 januari 2026",
    ),
    "not_coded": ([Seen(institution="ROC A", account="a", posts=posts(3, 4))], "7 berichten gezien, maar"),
}


@pytest.mark.parametrize("state", STATES)
def test_a_report_without_an_answer_says_why(state: str, tmp_path: Path) -> None:
    accounts, why = STATES[state]
    study = make_study(tmp_path, accounts, coded=state != "not_coded")
    report = write_report(study)
    assert report.figures.state == state
    assert why in report.answer
    page = read_page(report.path.read_text(encoding="utf-8"))
    assert page.one("p", class_="answer").text == report.answer
    assert not page.one("section", id="answer").all("dl")
    assert "0,0%" not in page.text
    read_page(write_report(study, language="en").path.read_text(encoding="utf-8"))


def test_a_study_without_accounts(tmp_path: Path) -> None:
    report = write_report(make_study(tmp_path, []))
    assert report.figures.state == "nothing_visited"
    assert "Er staan geen accounts in het register" in report.path.read_text(encoding="utf-8")


def test_one_institution_has_its_own_share_and_nothing_pooled(tmp_path: Path) -> None:
    accounts = [Seen(institution="ROC A", account="a", posts=posts(3, 40))]
    report = write_report(make_study(tmp_path, accounts))
    low, high = (f"{100 * float(bound):.1f}".replace(".", ",") for bound in wilson(3, 43))
    assert "7,0% van de 43 berichten van ROC A, geplaatst" in report.answer
    assert f"(95%-interval {low} tot {high}%; ongecorrigeerd)" in report.answer
    page = read_page(report.path.read_text(encoding="utf-8"))
    assert page.one("section", id="platforms").all("span", class_="few")


def test_few_posts_are_counted_without_a_share(tmp_path: Path) -> None:
    accounts = [Seen(institution=f"ROC {n}", account=f"a{n}", posts=posts(1, 4)) for n in range(4)]
    report = write_report(make_study(tmp_path, accounts))
    assert "komt voor in 4 van de 20 berichten van 4 instellingen" in report.answer
    assert "te weinig voor een aandeel" in report.answer
    assert "%" not in report.answer


@pytest.mark.parametrize(
    ("labour", "said"),
    [
        (1, "komt voor in het enige getelde bericht van ROC A,"),
        (0, "komt niet voor in het enige getelde bericht"),
    ],
)
def test_one_post_is_told_as_one(labour: int, said: str, tmp_path: Path) -> None:
    accounts = [Seen(institution="ROC A", account="a", posts=posts(labour, 1 - labour))]
    study = make_study(tmp_path, accounts)
    assert said in write_report(study).answer
    write_report(study, language="en")


def test_what_one_post_about_work_tells_is_told_of_one(tmp_path: Path) -> None:
    accounts = [Seen(institution="ROC A", account="a", posts=posts(1, 9))]
    found = write_report(make_study(tmp_path, accounts))
    assert found.figures.answer
    page = read_page(
        render(replace(found.figures, subcodes={"salary": found.figures.answer}), found.language)
    )
    themes = page.one("section", id="themes").text
    assert "Van het ene bericht met arbeidsmarktperspectief." in themes


def test_two_months_are_a_table_and_no_chart_is_spoken_of(tmp_path: Path) -> None:
    accounts = [Seen(institution=f"ROC {n}", account=f"a{n}", posts=posts(1, 9)) for n in range(5)]
    page = read_page(write_report(make_study(tmp_path, accounts)).path.read_text(encoding="utf-8"))
    months = page.one("section", id="months")
    assert months.one("summary").text == "De cijfers per maand"
    assert "de band is" not in months.text and "bij deze grafiek" not in months.text


def test_none_is_a_word_and_has_no_interval(tmp_path: Path) -> None:
    accounts = [Seen(institution=f"ROC {n}", account=f"a{n}", posts=posts(0, 40)) for n in range(6)]
    report = write_report(make_study(tmp_path, accounts))
    assert "komt voor in geen enkel van de 240 berichten" in report.answer
    assert report.figures.answer.high is None


def test_what_no_post_is_about_stands_among_the_themes_and_beside_the_survey(tmp_path: Path) -> None:
    accounts = [Seen(institution=f"ROC {n}", account=f"a{n}", posts=posts(0, 40)) for n in range(6)]
    page = read_page(write_report(make_study(tmp_path, accounts)).path.read_text(encoding="utf-8"))
    themes = table_rows(page.one("section", id="themes"))
    assert themes["Arbeidsmarktperspectief"] == ["0,0%", "0,0%"]
    survey = table_rows(page.one("section", id="survey"))
    said, done, _ = survey["Arbeidsmarktperspectief als een van drie hoofddoelen"]
    assert (said[:9], done) == ("13 tot 16", "0,0%")


def test_a_share_without_interval_is_not_told_to_differ_little_from_what_was_said(tmp_path: Path) -> None:
    accounts = [Seen(institution=f"ROC {n}", account=f"a{n}", posts=posts(0, 40)) for n in range(6)]
    page = read_page(write_report(make_study(tmp_path, accounts)).path.read_text(encoding="utf-8"))
    survey = table_rows(page.one("section", id="survey"))
    said, done, gap = survey["Sfeer als thema in een goed voorbeeld"]
    assert (said[:3], done) == ("26%", "100,0%")
    assert gap.startswith("niet te zeggen")


def test_posts_outside_the_register_are_told_by_account(tmp_path: Path) -> None:
    accounts = [
        Seen(institution="", level="", account=f"a{n}", posts=posts(n % 3, 9), outcome="partial")
        for n in range(6)
    ]
    report = write_report(make_study(tmp_path, accounts))
    assert report.figures.basis == "all"
    assert "9,1%" not in report.answer
    assert "10,0% van de 60 berichten van 6 accounts" in report.answer
    page = read_page(report.path.read_text(encoding="utf-8"))
    assert "Geen enkel account is volledig gezien" in page.one("section", id="answer").text
    assert "geen instellingen in het register" in page.one("section", id="institutions").text


def test_imports_alone_are_told_as_such_and_what_was_not_seen_is_not_counted_as_seen(tmp_path: Path) -> None:
    capture = "a person's own capture (YouTube Studio): what was on screen or chosen, no more"
    imported = {"crawl_id": "import-0123456789abcdef", "route": "youtube_studio", "sign": capture}
    no_route = {"route": "", "legal_ground": "", "sign": "no UITZICHT_TIKTOK_TOKEN in the environment"}
    accounts = [
        Seen(
            institution="ROC",
            account="a",
            platform="youtube",
            outcome="partial",
            posts=posts(1, 2),
            facts=imported,
        ),
        Seen(institution="ROC", account="b", platform="tiktok", outcome="skipped", facts=no_route),
        Seen(institution="ROC", account="c", outcome=None),
    ]
    report = write_report(make_study(tmp_path, accounts))
    page = read_page(report.path.read_text(encoding="utf-8"))
    assert report.figures.counted.accounts == 1
    rows = {name.split()[1]: cells for name, cells in table_rows(page.one("section", id="coverage")).items()}
    told = " ".join(rows["YouTube"])
    assert "een ingelezen bestand: gezien is wat daarin staat" in told and "own capture" not in told
    assert "geen bruikbare route" in rows["TikTok"][-1]
    assert (
        "geen berichten van zijn gezien: mbo Instagram en mbo TikTok"
        in page.one("section", id="platforms").text
    )


@pytest.mark.parametrize("quiet", ["empty", "complete"])
def test_a_quiet_account_beside_an_import_is_not_told_as_unseen(quiet: str, tmp_path: Path) -> None:
    accounts = [
        Seen(institution="ROC A", account="a", platform="youtube", outcome=quiet),
        Seen(institution="ROC A", account="b", outcome="partial", posts=posts(3, 40)),
    ]
    report = write_report(make_study(tmp_path, accounts))
    page = read_page(report.path.read_text(encoding="utf-8"))
    assert report.figures.basis == "all"
    assert "Geen enkel account is volledig gezien" not in page.text
    for section in ("answer", "coverage"):
        assert (
            "hebben geen eigen bericht met een datum in deze periode" in page.one("section", id=section).text
        )


def test_posts_that_a_later_visit_did_not_ask_for_again_are_seen(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    study = make_study(folder, [Seen(institution="ROC A", account="a", posts=posts(5, 45))])
    again = [post("a-0", "a", text="Straks een startsalaris van 2.600 euro")]
    later = feed("a", again, crawl_id="crawl-2", started_at=NOW + timedelta(days=1), posts_reported=50)
    write_feed(folder / "feeds", later)
    load(study)
    report = write_report(study)
    page = read_page(report.path.read_text(encoding="utf-8"))
    seen = table_rows(page.one("section", id="coverage"))["ROC A Instagram · a"][1]
    assert seen == "50 gezien 50 volgens het platform"
    assert "Instagram a 50 berichten" in page.one("article", class_="card").text


def test_a_code_of_the_study_itself_is_called_by_its_own_name(tmp_path: Path) -> None:
    own = Told(themes=("sustainable_campus",), text="Zonnepanelen", words="Zonnepanelen")
    accounts = [Seen(institution=f"ROC {n}", account=f"a{n}", posts=(*posts(5, 30), own)) for n in range(5)]
    page = read_page(write_report(make_study(tmp_path, accounts)).path.read_text(encoding="utf-8"))
    assert "sustainable campus" in [heading.text for heading in page.one("section", id="examples").all("h3")]


def test_addresses_that_are_no_web_address_are_not_linked(tmp_path: Path) -> None:
    unsafe = Told(themes=("labour_market",), text="Klik hier", facts={"url": "javascript:alert(1)"})
    accounts = [Seen(institution=f"ROC {n}", account=f"a{n}", posts=(unsafe,) * 8) for n in range(5)]
    report = write_report(make_study(tmp_path, accounts))
    assert "javascript:" not in report.path.read_text(encoding="utf-8")


def test_a_study_that_was_never_loaded(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text('title = "Proef"\nsince = 2026-01-01\n')
    with pytest.raises(WarehouseError, match="load the study first"):
        write_report(Study.read(tmp_path))


def test_the_summary_shows_the_table_in_a_terminal(report: Report) -> None:
    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(summary(report.figures, report.language))
    shown = console.export_text()
    lines = {line.split("  ")[0].strip(): line for line in shown.splitlines()}
    assert report.answer in shown
    assert lines["mbo"].split()[1:4] == ["300", "30", "10,0%"]
    assert "te weinig" in lines["hbo"]
    assert "8 van 12 accounts volledig gezien" in shown
    assert "2 geblokkeerd" in shown


def test_the_command_prints_the_answer_and_the_path(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "rapport.html"
    ran = CliRunner().invoke(
        uitzicht, ["report", str(study.folder), "--output", str(path), "--language", "en"]
    )
    assert ran.exit_code == 0, ran.output
    assert "Labour-market prospects appear in 10.3% of the 320 posts" in ran.output
    assert ran.output.splitlines()[-1] == str(path)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
