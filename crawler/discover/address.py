"""Which hosts and addresses may be asked at all: those of the public internet and no other."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from crawler.errors import CrawlerError

PORTS = {"http": 80, "https": 443}

_PUBLIC_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")  # an IPv4 address for networks that have IPv6 only
_KINDS = tuple(
    (ip_network(block), name)
    for block, name in (
        ("127.0.0.0/8", "a loopback address"),
        ("::1/128", "a loopback address"),
        ("10.0.0.0/8", "a private address"),
        ("172.16.0.0/12", "a private address"),
        ("192.168.0.0/16", "a private address"),
        ("fc00::/7", "a unique local address"),
        ("169.254.0.0/16", "a link-local address"),
        ("fe80::/10", "a link-local address"),
        ("100.64.0.0/10", "an address shared behind a provider's NAT"),
        ("192.88.99.0/24", "a tunnel's address"),
        ("2001::/23", "a tunnel's address"),
        ("2002::/16", "a tunnel's address"),
        ("3fff::/20", "an address for documentation"),
    )
)
_NUMBER = re.compile(r"0x[0-9a-f]*|\d+", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_OWN_NETWORK = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion")


class RefusedAddress(CrawlerError):
    """An address that is not asked because it is no public website's."""


def check_address(text: str, host: str) -> str:
    """Return an IP address of the public internet as it is connected to. Raises RefusedAddress for every other one.

    >>> check_address("10.0.0.8", "www.school.example")
    Traceback (most recent call last):
    crawler.discover.address.RefusedAddress: www.school.example is at 10.0.0.8, a private address; not asked
    """
    try:
        address = ip_address(text)
    except ValueError:
        raise RefusedAddress(f"{host} is at {text!r}, which is no address; not asked") from None
    kind = _kind(address)
    if kind:
        at = f"{text} is" if text == host else f"{host} is at {text},"
        raise RefusedAddress(f"{at} {kind}; not asked")
    return str(address)


def read_host(url: str) -> tuple[str, str, int]:
    """Return scheme, host in ASCII and port of a website's address. Raises RefusedAddress for what is no website.

    Only http and https on their own ports, by a full name or a plainly written public address: no user names, no
    numbers that some resolvers take for an address ("2130706433", "0177.1"), no names of one's own network.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedAddress(f"{url[:200]!r} is no address of a page: {error}") from None
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise RefusedAddress(f"{url[:200]!r} is not asked; expected http or https")
    if parts.username is not None or parts.password is not None:
        raise RefusedAddress(f"{scheme}://…@{parts.hostname} carries a user name; not asked")
    if port not in (None, PORTS[scheme]):
        raise RefusedAddress(
            f"{parts.hostname}:{port} is not asked; expected port {PORTS[scheme]} of {scheme}"
        )
    return scheme, _read_name(parts.hostname or "", url), PORTS[scheme]


def _read_name(host: str, url: str) -> str:
    if ":" in host:
        return check_address(host, host)
    try:
        name = host.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        name = ""
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _read_number(name)
    if not all(_LABEL.fullmatch(label) for label in labels) or len(name) > 253:
        raise RefusedAddress(f"{url[:200]!r} names no host")
    if len(labels) == 1 or labels[-1] in _OWN_NETWORK:
        raise RefusedAddress(f"{name} is a name of one's own network; not asked")
    return name


def _read_number(name: str) -> str:
    try:
        IPv4Address(name)
    except ValueError:
        raise RefusedAddress(f"{name} is an address written as a number; not asked") from None
    return check_address(name, name)


def _kind(address: IPv4Address | IPv6Address) -> str:
    """Return what an address is that is not to be asked, "" for a public one."""
    inner = _inner(address)
    if isinstance(address, IPv6Address) and address.scope_id:
        return "an address of one link"
    if inner is not None:
        kind = _kind(inner)
        return kind and f"{kind} ({inner}) within IPv6"
    named = next((name for block, name in _KINDS if address in block), "")
    public = address.is_global and not address.is_multicast
    if isinstance(address, IPv6Address):
        public = public and address in _PUBLIC_V6
    return named or ("" if public else "no address of the public internet")


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one only carries, None for all others."""
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in _NAT64):
        return IPv4Address(address.packed[-4:])
    return None
