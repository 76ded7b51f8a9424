"""Whose an account is, and how sure that is: names, places, reasons."""

from __future__ import annotations

import pytest

from crawler.discover.judging import Found, Sighting, judge
from crawler.discover.links import Claim
from crawler.discover.mention import Mention, Place
from crawler.discover.names import carries_name, find_speaker
from crawler.registry import Institution

NOVA = Institution(
    institution="Nova College", place="Haarlem", region="Noord-Holland", website="https://www.novacollege.nl"
)
HVA = Institution(institution="Hogeschool van Amsterdam", place="Amsterdam", website="https://www.hva.nl")
KONING = Institution(
    institution="Koning Willem I College", also_known_as=("KW1C",), website="https://www.kw1c.nl"
)


def sighting(account: str, place: Place = "footer", **more: str) -> Sighting:
    via = more.pop("via", "")
    page = more.pop("page", "https://www.novacollege.nl/")
    mention = Mention(url="https://x", place=place, element="link", page=page, **more)
    return Sighting(claim=Claim(platform="instagram", account=account), mention=mention, via=via)


def one(*sightings: Sighting, institution: Institution = NOVA) -> Found:
    (found,) = judge(institution, sightings)
    return found


@pytest.mark.parametrize(
    ("institution", "handle"),
    [
        (NOVA, "novacollege"),
        (NOVA, "nova.college.haarlem"),
        (NOVA, "nova_mbo"),
        (NOVA, "novahaarlem"),
        (HVA, "hva_amsterdam"),
        (HVA, "@HvAvideo"),
        (HVA, "hogeschool-van-amsterdam"),
        (KONING, "kw1c_nl"),
        (KONING, "koningwillem1college".replace("1", "i")),
    ],
)
def test_a_handle_carries_the_name(institution: Institution, handle: str) -> None:
    assert carries_name(handle, institution)


@pytest.mark.parametrize(
    ("institution", "handle"),
    [
        (NOVA, "innovatiehaarlem"),
        (NOVA, "gemeentehaarlem"),
        (NOVA, "casanova"),
        (HVA, "gemeenteamsterdam"),
        (HVA, "chvaart"),
        (KONING, "koningsdag"),
        (KONING, "willemtwee"),
    ],
)
def test_a_word_or_a_place_within_another_name_does_not_count(institution: Institution, handle: str) -> None:
    assert carries_name(handle, institution) == ""


@pytest.mark.parametrize(
    ("handle", "label", "expected"),
    [
        ("novacollege", "Volg ons op social media", ("central", "", "institution")),
        ("nova.verpleegkunde", "", ("programme", "Verpleegkunde", "institution")),
        ("novasport", "", ("programme", "Sport", "institution")),
        ("nova_insta", "Horeca op Instagram", ("programme", "Horeca", "institution")),
        ("novastudenten", "", ("central", "", "students")),
        ("studenten.nova.zorg", "", ("programme", "Zorg", "students")),
        ("werkenbijnova", "", ("central", "", "institution")),
    ],
)
def test_the_speaker_is_guessed(handle: str, label: str, expected: tuple[str, str, str]) -> None:
    speaker = find_speaker(handle, label, NOVA)
    assert (speaker.scope, speaker.programme, speaker.run_by) == expected


def test_an_institutions_own_words_make_no_programme() -> None:
    school = Institution(institution="Techniek College Rotterdam", place="Rotterdam")
    assert find_speaker("techniekcollegerotterdam", "", school).scope == "central"
    media = Institution(institution="Mediacollege Amsterdam", website="https://www.ma-web.nl")
    assert find_speaker("mediacollege", "", media).scope == "central"


@pytest.mark.parametrize(
    ("found", "score", "grade"),
    [
        (one(sighting("novacollege")), 0.85, "sure"),
        (one(sighting("novacollege", "text")), 0.5, "likely"),
        (one(sighting("novacollege", "article")), 0.5, "likely"),
        (one(sighting("novacollege", "partner")), 0.45, "doubtful"),
        (one(sighting("novacollege", "other_data")), 0.25, "doubtful"),
        (one(sighting("bureaux")), 0.6, "likely"),
        (one(sighting("bureaux", near="Website door")), 0.15, "doubtful"),
        (one(sighting("bureaux", near="Realisatie:")), 0.15, "doubtful"),
        (one(sighting("anders", label="Nova College op Instagram")), 0.8, "sure"),
        (one(sighting("anders", "article", label="Nova College wint")), 0.05, "doubtful"),
        (one(sighting("novacollege", via="https://bit.ly/x")), 0.8, "sure"),
        (
            one(sighting("novacollege"), sighting("novacollege", page="https://www.novacollege.nl/x")),
            0.9,
            "sure",
        ),
        (one(sighting("novacollege"), sighting("novacollege", "own_data")), 0.99, "sure"),
    ],
)
def test_a_score_is_the_sum_of_its_reasons(found: Found, score: float, grade: str) -> None:
    assert (found.score, found.grade) == (score, grade)
    steps = [float(reason.rpartition("(")[2].rstrip(")")) for reason in found.reasons if reason.endswith(")")]
    assert min(0.99, round(sum(steps), 2)) == score


def test_where_another_account_carries_the_name_this_one_is_doubted() -> None:
    scores = {
        found.account: found.score
        for found in judge(NOVA, [sighting("novacollege"), sighting("scholengroep")])
    }
    assert scores == {"novacollege": 0.85, "scholengroep": 0.45}


def test_a_programmes_account_is_not_doubted_for_lacking_the_name() -> None:
    scores = {
        found.account: found.score
        for found in judge(NOVA, [sighting("novacollege"), sighting("kokszuid.horeca")])
    }
    assert scores["kokszuid.horeca"] == 0.7


def test_an_id_says_nothing_of_the_name() -> None:
    claim = Claim(platform="youtube", account="UCnova_-34567890123456789")
    mention = Mention(url="https://x", place="footer", element="link", page="https://www.novacollege.nl/")
    found = one(Sighting(claim=claim, mention=mention))
    assert (found.account, found.score) == ("UCnova_-34567890123456789", 0.7)


def test_a_post_says_little_of_an_account_wherever_it_is_linked() -> None:
    mention = Mention(url="https://x", place="footer", element="link", page="https://www.novacollege.nl/")
    claim = Claim(platform="tiktok", account="novacollege", item=True)
    assert one(Sighting(claim=claim, mention=mention)).score == 0.5
    other = Claim(platform="tiktok", account="beroemdheid", item=True)
    assert one(Sighting(claim=other, mention=mention)).score == 0.05


def test_spellings_of_one_handle_are_one_account_and_ids_are_not() -> None:
    mention = Mention(url="https://x", place="footer", element="link", page="https://www.novacollege.nl/")

    def channel(account: str) -> Sighting:
        return Sighting(claim=Claim(platform="youtube", account=account), mention=mention)

    assert len(judge(NOVA, [channel("@Nova"), channel("@nova")])) == 1
    assert len(judge(NOVA, [channel("UC" + "a" * 22), channel("UC" + "A" * 22)])) == 2
