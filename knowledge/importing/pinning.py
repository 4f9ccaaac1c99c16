"""Connects to the very address that was checked, for the first request and every redirect, or through the proxy."""

from __future__ import annotations

from collections.abc import Callable, Collection
from urllib.request import getproxies, proxy_bypass

import httpx

from knowledge.importing.addresses import look_up, refuse_private, refuse_private_name


class CheckedTransport(httpx.BaseTransport):
    """Looks a host up once, checks what was found and connects there: a name cannot change its mind in between.

    Where the environment names a proxy (``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY``, ``NO_PROXY``) the proxy looks
    the host up, and only addresses written out and this machine's own names can be refused here.
    """

    def __init__(self, *, allowed: Collection[str] = (), look_up: Callable[[str, int], list[str]] = look_up) -> None:
        """``allowed`` are hosts on one's own network that may be asked all the same."""
        self._allowed = {host.lower() for host in allowed}
        self._look_up = look_up
        self._direct = httpx.HTTPTransport()
        self._proxied: dict[str, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request; a redirect comes here again.

        Raises:
            ImportRefused: when the host is not on the public internet.
            httpx.HTTPError: as any transport does.
        """
        if request.url.scheme not in ("http", "https") or not request.url.host:
            raise httpx.UnsupportedProtocol("only http and https")
        host, proxy = request.url.host, proxy_for(request.url)
        allowed = host.lower() in self._allowed
        if proxy:
            if not allowed:
                refuse_private_name(host)
            return self._through(proxy).handle_request(request)
        addresses = self._look_up(host, request.url.port or (443 if request.url.scheme == "https" else 80))
        if not allowed:
            refuse_private(host, addresses)
        return _first(addresses, lambda address: self._direct.handle_request(_pinned(request, address)))

    def close(self) -> None:
        """Closes all connections."""
        for transport in (self._direct, *self._proxied.values()):
            transport.close()

    def _through(self, proxy: str) -> httpx.HTTPTransport:
        return self._proxied.setdefault(proxy, httpx.HTTPTransport(proxy=proxy))


def proxy_for(url: httpx.URL) -> str:
    """The proxy that the environment names for an address; empty for none."""
    if proxy_bypass(url.host):
        return ""
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all") or ""
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def _pinned(request: httpx.Request, address: str) -> httpx.Request:
    """The request to an address; the host it asks for and whose certificate it wants stay those of the name."""
    return httpx.Request(
        method=request.method,
        url=request.url.copy_with(host=address.partition("%")[0]),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )


def _first(addresses: list[str], send: Callable[[str], httpx.Response]) -> httpx.Response:
    """The answer of the first address that can be reached."""
    for address in addresses[:-1]:
        try:
            return send(address)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return send(addresses[-1])
