"""The answer of a report in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from audit.report.figures import Figures, Institution, Share
from audit.report.language import Language


def answer(figures: Figures, language: Language) -> Markup:
    """Return the answer in one sentence, or in one sentence why there is none."""
    share = answering_share(figures)
    if figures.state != "answered" or share is None:
        return language.say(
            f"missing.{figures.state}", **_window(figures, language), posts=_posts(figures, language)
        )
    return language.say(
        f"answer.{_answer_key(share)}",
        share=language.percent(share.share),
        carrying=language.number(share.n_carrying),
        posts=language.count(share.n_posts, "post"),
        whose=whose(figures, share, language),
        interval=language.interval(share.low, share.high),
        **_corrected(share, language),
        **_window(figures, language),
    )


def _answer_key(share: Share) -> str:
    if share.corrected:
        return "corrected" if share.low is not None else "corrected_no_interval"
    if share.n_posts == 1:
        return "one_carrying" if share.n_carrying else "one_none"
    if share.n_carrying == 0:
        return "none"
    if share.too_few:
        return "too_few"
    return "share" if share.low is not None else "no_interval"


def _corrected(share: Share, language: Language) -> dict[str, str]:
    one = share.corrected
    if one is None:
        return {}
    return {
        "corrected": language.percent(one.share),
        "corrected_interval": language.interval(one.low, one.high),
        "coded": language.count(one.n_coded, "post"),
    }


def answering_share(figures: Figures) -> Share | None:
    """Return the share that answers; of a study of one institution, that institution's own."""
    only = only_institution(figures)
    return only.share if only else figures.answer


def only_institution(figures: Figures) -> Institution | None:
    """Return the institution whose posts are the only ones counted; None where there are more."""
    counted = [institution for institution in figures.institutions if institution.share]
    pooled = figures.answer.n_institutions if figures.answer else 0
    return counted[0] if len(counted) == pooled == 1 else None


def whose(figures: Figures, share: Share, language: Language) -> str:
    """Return whose posts were counted: one institution by name, else how many there are."""
    only = only_institution(figures)
    if only:
        return only.name
    return language.count(share.n_institutions, source_noun(figures))


def source_noun(figures: Figures) -> str:
    """Return what posts are counted by: institutions, or accounts where the register names none."""
    if not figures.counted.institutions:
        return "account"
    pooled = figures.answer.n_institutions if figures.answer else 0
    return "institution" if pooled <= figures.counted.institutions else "source"


def one_in(share: Share) -> int | None:
    """Return n where about one post in n carries the code; None where that says nothing."""
    best = share.corrected.share if share.corrected else share.share
    if share.too_few or not 0 < best <= 0.5:
        return None
    return round(1 / best)


def not_in_figures(figures: Figures, language: Language) -> Iterator[Markup]:
    """Yield what was seen but not counted, a part for each reason."""
    counted = figures.counted
    for key, number in (
        ("undated", counted.posts_undated),
        ("outside", counted.posts_outside),
        ("of_left_out", counted.posts_left_out),
        ("reposts", counted.reposts),
    ):
        if number > 0:
            yield language.say(f"answer.{key}", posts=language.count(number, "post"))


def _window(figures: Figures, language: Language) -> dict[str, str]:
    return {"since": language.day(figures.since), "until": language.day(figures.until)}


def _posts(figures: Figures, language: Language) -> str:
    return language.count(figures.counted.posts_kept, "post")
