"""What is asked at all: public addresses, plainly written, and nothing else."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover.address import RefusedAddress, check_address, read_host

INNER = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "0.0.0.0",  # noqa: S104
    "198.18.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
]
INNER_V6 = [
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "2002:7f00:1::1",
]
INNER_V6 += ["2001::1", "3fff::1", "::ffff:8.8.8.8%1", "64:ff9b:1::1", "100::1", "::127.0.0.1"]
PUBLIC = ["8.8.8.8", "145.97.39.155", "172.15.0.1", "100.63.0.1", "2a00:1450:400e::1", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", [*INNER, *INNER_V6])
def test_an_inner_address_is_refused(address: str) -> None:
    with pytest.raises(RefusedAddress, match="not asked"):
        check_address(address, "www.school.example")


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_refused_within_ipv6(address: str) -> None:
    number = int(IPv4Address(address))
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        with pytest.raises(RefusedAddress):
            check_address(str(IPv6Address(int(IPv6Address(prefix)) + number)), "x")


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_asked(address: str) -> None:
    assert check_address(address, "www.school.example") == address


@given(st.ip_addresses())
def test_what_is_asked_is_global(address: IPv4Address | IPv6Address) -> None:
    try:
        check_address(str(address), "x")
    except RefusedAddress:
        return
    carried = isinstance(address, IPv6Address) and (
        address.ipv4_mapped or address in IPv6Network("64:ff9b::/96")
    )
    inner = IPv4Address(address.packed[-4:]) if carried else address
    assert inner.is_global
    assert not inner.is_multicast


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://2130706433/", "written as a number"),
        ("http://0x7f000001/", "written as a number"),
        ("http://0x7f.1/", "written as a number"),
        ("http://0177.0.0.1/", "written as a number"),
        ("http://127.1/", "written as a number"),
        ("http://10.0.0.256/", "written as a number"),
        ("http://１２７.0.0.1/", "a loopback address"),
        ("http://①②⑦.⓪.⓪.①/", "a loopback address"),
        ("http://[::ffff:127.0.0.1]/", "a loopback address"),
        ("http://localhost/", "one's own network"),
        ("http://localhost./", "one's own network"),
        ("http://a.localhost/", "one's own network"),
        ("http://printer.local/", "one's own network"),
        ("http://metadata.google.internal/", "one's own network"),
        ("http://router/", "one's own network"),
        ("http://www.school.nl:8080/", "expected port 80"),
        ("https://www.school.nl:80/", "expected port 443"),
        ("http://school.nl:99999/", "no address of a page"),
        ("http://jan:geheim@www.school.nl/", "user name"),
        ("http://www.school.nl\\@127.0.0.1/", "user name"),
        ("ftp://www.school.nl/", "expected http or https"),
        ("file:///etc/passwd", "expected http or https"),
        ("javascript:alert(1)", "expected http or https"),
        ("http:///pad", "names no host"),
        ("http://a..nl/", "names no host"),
        ("http://-a.nl/", "names no host"),
        ("http://10.0.0.1%00.school.nl/", "names no host"),
        ("http://[::1", "no address of a page"),
    ],
)
def test_what_is_no_website_is_refused(url: str, told: str) -> None:
    with pytest.raises(RefusedAddress, match=told):
        read_host(url)


def test_secrets_in_an_address_are_not_repeated() -> None:
    with pytest.raises(RefusedAddress) as error:
        read_host("http://jan:geheim@www.school.nl/")
    assert "geheim" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.School.nl/pad?x=1#y", ("https", "www.school.nl", 443)),
        ("http://www.school.nl:80", ("http", "www.school.nl", 80)),
        ("http://www.école.nl", ("http", "www.xn--cole-9oa.nl", 80)),
        ("http://www.school.nl.", ("http", "www.school.nl", 80)),
        ("http://zone.college/", ("http", "zone.college", 80)),
    ],
)
def test_a_website_is_read(url: str, host: tuple[str, str, int]) -> None:
    assert read_host(url) == host
