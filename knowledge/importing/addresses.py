"""Which machines an import may ask: those on the public internet, judged by the address that is then connected to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

from knowledge.errors import ImportRefused

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SHARED = ipaddress.ip_network("100.64.0.0/10")
_MEND = "If it is on your own network and you mean it, use --allow-host {}"


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host; decimal, octal and hexadecimal forms are read as what they mean.

    Raises:
        ImportRefused: when it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise ImportRefused(f"no address is known for {host}: check the spelling and the network") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def refuse_private(host: str, addresses: Sequence[str]) -> None:
    """Judges a host by the addresses it was found at.

    Raises:
        ImportRefused: when one of them is not public.
    """
    for address in addresses:
        if not is_public(address):
            raise ImportRefused(f"{host} is at {address}, which is not on the public internet. {_MEND.format(host)}")


def refuse_private_name(host: str) -> None:
    """Judges a host by its name alone, for when a proxy will look up the address.

    Raises:
        ImportRefused: when the name is an address that is not public, in any form, or this machine's own name.
    """
    name, written = host.lower().rstrip("."), _written_address(host)
    if name == "localhost" or name.endswith((".localhost", ".local")) or (written and not is_public(written)):
        raise ImportRefused(f"{host} is not on the public internet. {_MEND.format(host)}")


def is_public(address: str) -> bool:
    """Whether an address, and the one it may carry inside, is of the public internet."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(map(_is_public, (parsed, *_carried(parsed))))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address) and address in _SHARED:
        return False
    if isinstance(address, IPv6Address) and (address.is_site_local or address.ipv4_mapped):
        return address.ipv4_mapped is not None  # judged by the address it carries
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )


def _carried(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """IPv4 addresses inside an IPv6 one: mapped, 6to4, Teredo, NAT64 and the old compatible form."""
    if isinstance(address, IPv4Address):
        return []
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or int(address) >> 32 == 0:
        carried.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in carried if each is not None]


def _written_address(host: str) -> str:
    """The address that a host's name is, in any form the system reads as one; empty when it is a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]").partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return ""
