"""Language: seeded, restricted, undetermined where a text is short or mixed."""

import pytest

from classify.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kom zaterdag naar onze open dag en ontdek welke opleiding bij je past.", "nl"),
        ("Join us this Saturday and find out which programme suits you best.", "en"),
        ("Am Samstag kannst du unsere Schule besuchen und die Werkstatt sehen.", "de"),
        ("Venez samedi visiter notre école et découvrir les formations proposées.", "fr"),
        ("ok 🎉", "und"),
        ("", "und"),
        ("#opendag #mbo #fyp @rocvoorbeeld https://voorbeeld.example/aanmelden", "und"),
        (
            "Kom zaterdag naar onze open dag in Zwolle. Join us this Saturday for our open day in Zwolle and the tour.",
            "und",
        ),
        ("12345 67890 !!! ???", "und"),
    ],
)
def test_detect(text, language):
    assert detect(text) == language


def test_detection_does_not_vary():
    text = "Studeren in Nederland: what you need to know"
    assert len({detect(text) for _ in range(20)}) == 1


def test_other_languages_are_never_told():
    assert detect("Bugün okulumuzda açık kapı günü var, herkesi bekliyoruz sevgili öğrenciler") in (
        "nl",
        "en",
        "de",
        "fr",
        "und",
    )


def test_a_long_text_is_not_read_whole():
    assert detect("Dit is een gewone Nederlandse zin over school. " * 100_000) == "nl"
