"""What an address claims, read from the address alone."""

from __future__ import annotations

import pytest

from crawler.accounts import read_handle
from crawler.discover.links import Claim, NoAccount, is_link_page, is_short, read_link

ACCOUNTS = [
    ("https://www.instagram.com/ROC.Voorbeeld/?hl=nl", "instagram", "roc.voorbeeld"),
    ("https://instagram.com/_u/roc", "instagram", "roc"),
    ("http://m.instagram.com/roc/reels/", "instagram", "roc"),
    ("https://www.tiktok.com/@rocx?lang=nl", "tiktok", "rocx"),
    ("https://www.youtube.com/@ROC-x/featured", "youtube", "@ROC-x"),
    ("https://m.youtube.com/channel/UC1234567890abcdefghij_-/videos", "youtube", "UC1234567890abcdefghij_-"),
    ("https://nl.linkedin.com/company/ROC-X?trk=x", "linkedin", "roc-x"),
    ("https://www.linkedin.com/school/roc-x/life/", "linkedin", "roc-x"),
    ("https://www.linkedin.com/companies/roc-x", "linkedin", "roc-x"),
    ("https://www.linkedin.com/showcase/roc-x-alumni", "linkedin", "roc-x-alumni"),
    ("https://www.linkedin.com/company/h%C3%A9t-roc", "linkedin", "hét-roc"),
    ("https://www.google.com/url?q=https%3A%2F%2Finstagram.com%2Frocx&sa=D", "instagram", "rocx"),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.tiktok.com%2F%40rocx", "tiktok", "rocx"),
    (
        "https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Finstagram.com%2Frocx&data=5",
        "instagram",
        "rocx",
    ),
]
NONE = [
    ("https://www.instagram.com/p/C1abc/", "a single post"),
    ("https://www.instagram.com/reel/C1abc/", "a single post"),
    ("https://www.instagram.com/explore/tags/mbo", "a page of the platform"),
    ("https://www.instagram.com/", "a page of the platform"),
    ("https://www.instagram.com/share/abc", "a share button"),
    ("https://vm.tiktok.com/ZMabc/", "a short link of the platform itself"),
    ("https://www.tiktok.com/tag/mbo", "a page of the platform"),
    ("https://www.tiktok.com/embed/v2/73", "a single video"),
    ("https://youtu.be/abcdefghijk", "a single video or a list of them"),
    ("https://www.youtube.com/watch?v=abcdefghijk", "a single video or a list of them"),
    ("https://www.youtube.com/embed/abcdefghijk", "a single video or a list of them"),
    ("https://www.youtube.com/playlist?list=PL1", "a single video or a list of them"),
    ("https://www.linkedin.com/in/jan", "a person's profile"),
    ("https://www.linkedin.com/posts/rocx_mbo-activity-7", "a single post"),
    ("https://www.linkedin.com/shareArticle?mini=true&url=https://rocx.nl", "a share button"),
    ("https://www.linkedin.com/sharing/share-offsite/?url=https://instagram.com/x", "a share button"),
    ("https://www.linkedin.com/cws/share?url=x", "a share button"),
    ("https://lnkd.in/abc", "a short link of the platform itself"),
    ("https://www.linkedin.com/company/", "a page of the platform"),
    ("https://www.instagram.com/roc voorbeeld/", "no handle"),
]
ELSEWHERE = [
    "https://www.facebook.com/sharer/sharer.php?u=https://instagram.com/rocx",
    "https://twitter.com/intent/tweet?url=https://www.tiktok.com/@rocx",
    "https://api.whatsapp.com/send?text=https://www.instagram.com/rocx",
    "https://instagram.com.phish.example/rocx",
    "https://notinstagram.com/rocx",
    "https://www.rocx.nl/?url=https://instagram.com/rocx",
    "mailto:info@instagram.com",
    "http://[bad",
]


@pytest.mark.parametrize(("url", "platform", "account"), ACCOUNTS)
def test_an_account_is_read_as_a_study_spells_it(url: str, platform: str, account: str) -> None:
    claim = read_link(url)
    assert isinstance(claim, Claim)
    assert (claim.platform, claim.account, claim.item, claim.legacy) == (platform, account, False, False)
    assert read_handle(claim.platform, claim.account) == account


@pytest.mark.parametrize(("url", "account"), [
    ("https://www.youtube.com/user/rocmntube", "@rocmntube"),
    ("https://www.youtube.com/c/RocX", "@RocX"),
    ("https://www.youtube.com/hvavideo", "@hvavideo"),
    ("https://www.youtube.com/zuydvideos1", "@zuydvideos1"),
    ("https://nl.linkedin.com/edu/hogeschool-x-15428", "hogeschool-x"),
])  # fmt: skip
def test_an_old_address_is_marked(url: str, account: str) -> None:
    claim = read_link(url)
    assert isinstance(claim, Claim)
    assert (claim.account, claim.legacy) == (account, True)


@pytest.mark.parametrize(
    ("url", "account"),
    [
        ("https://www.tiktok.com/@rocx/video/7300000000000000000", "rocx"),
        ("https://www.instagram.com/rocx/p/C1abc", "rocx"),
        ("https://www.instagram.com/stories/rocx/31", "rocx"),
    ],
)
def test_an_account_known_by_a_post_is_marked(url: str, account: str) -> None:
    claim = read_link(url)
    assert isinstance(claim, Claim)
    assert (claim.account, claim.item) == (account, True)


@pytest.mark.parametrize(("url", "why"), NONE)
def test_what_is_no_account_says_what_it_is(url: str, why: str) -> None:
    read = read_link(url)
    assert isinstance(read, NoAccount)
    assert why in read.why


@pytest.mark.parametrize("url", ELSEWHERE)
def test_other_addresses_claim_nothing(url: str) -> None:
    assert read_link(url) is None


def test_shorteners_and_pages_of_links_are_known_by_their_host() -> None:
    assert is_short("https://bit.ly/x")
    assert not is_short("https://bit.ly.example/x")
    assert is_link_page("https://www.linktr.ee/rocx")
    assert not is_link_page("https://rocx.nl/linktr.ee")
