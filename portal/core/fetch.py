"""Fetching an address that somebody typed, without becoming their way into the network.

Only ``http`` and ``https`` (``webcal`` is ``https``) on their own ports. The name is resolved once a hop; every address
it gives must be one of the public Internet, and the connection goes to that very address, so that a name cannot change
its mind between the check and the connection; TLS is checked against the name. Redirects pass the same door, five at
most. Size is bounded as received and as unpacked; time as a whole, by a watchdog that closes the socket, so that a
server that sends a byte now and then holds nobody. Nothing of an address but its host reaches logs and errors.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import logging
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings

logger = logging.getLogger(__name__)

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_REDIRECTS: Final = 5
CONNECT_SECONDS: Final = 5.0
TOTAL_SECONDS: Final = 30.0
PORTS: Final = {"http": 80, "https": 443}
AGENT: Final = "PortailInclusionNumerique/1.0"
_UNICAST: Final = ipaddress.ip_network("2000::/3")
# Those that carry an IPv4 address inside: 6to4, Teredo, and what is no service's address.
_TUNNELS: Final = [ipaddress.ip_network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_V4_APART: Final = [ipaddress.ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10")]


class FetchError(Exception):
    """Nothing usable came; the message is a French sentence."""


@dataclass(frozen=True)
class Fetched:
    """``data`` is None when the server says that nothing changed since ``etag`` or ``last_modified``."""

    data: bytes | None
    etag: str = ""
    last_modified: str = ""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet. Unreadable ones are not."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        return ip in _UNICAST and ip.is_global and not any(ip in net for net in _TUNNELS)
    special = ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local or ip.is_unspecified
    return ip.is_global and not special and not any(ip in net for net in _V4_APART)


def checked_url(url: str) -> SplitResult:
    """``url``, in parts, if its form may be fetched. Raises :class:`FetchError`."""
    url = url.strip()
    if len(url) > 2000 or re.search(r"[\x00-\x20\x7f\\]", url):
        raise FetchError("Cette adresse est mal formée.")
    url = re.sub(r"\Awebcals?:", "https:", url, flags=re.IGNORECASE)
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        host.encode("idna")
    except (ValueError, UnicodeError):
        raise FetchError("Cette adresse est mal formée.") from None
    if parts.scheme not in PORTS:
        raise FetchError("L’adresse doit commencer par https://, http:// ou webcal://.")
    if not host:
        raise FetchError("Cette adresse n’a pas de nom de site.")
    if parts.username is not None or parts.password is not None:
        raise FetchError("Retirez l’identifiant et le mot de passe de l’adresse : ils ne peuvent pas y être gardés.")
    if port not in (None, PORTS[parts.scheme]) and f"{host}:{port}" not in _allowed():
        raise FetchError("Seuls les ports habituels du Web (80 et 443) sont permis.")
    return parts


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    max_bytes: int = MAX_BYTES,
    connect_seconds: float = CONNECT_SECONDS,
    total_seconds: float = TOTAL_SECONDS,
    content: bool = True,
) -> Fetched:
    """What is at ``url``, unless it is as it was; nothing of it without ``content``: whether it answers is known.

    Raises :class:`FetchError`, and nothing else.
    """
    deadline = time.monotonic() + total_seconds
    headers = {"User-Agent": AGENT, "Accept": "text/calendar, application/json, text/csv, */*;q=0.5"}
    headers |= {"Accept-Encoding": "gzip", "Connection": "close"}
    headers |= {"If-None-Match": _header(etag)} if etag else {}
    headers |= {"If-Modified-Since": _header(last_modified)} if last_modified else {}
    host = ""
    try:
        for _ in range(MAX_REDIRECTS + 1):
            parts = checked_url(url)
            host = parts.hostname or ""
            found = _hop(parts, headers, deadline, max_bytes if content else 0, connect_seconds)
            if isinstance(found, Fetched):
                return found
            url = urljoin(parts.geturl(), found)
    except FetchError:
        raise
    except (OSError, http.client.HTTPException, zlib.error, ValueError, UnicodeError) as error:
        logger.info("Fetch: %s could not be read (%s).", host, type(error).__name__)
        if time.monotonic() >= deadline - 0.05:
            raise _late() from None
        raise FetchError("Le serveur a coupé la connexion ou répondu n’importe quoi.") from None
    raise FetchError(f"Plus de {MAX_REDIRECTS} redirections.")


def _late() -> FetchError:
    return FetchError("Le serveur est trop lent : rien n’est arrivé à temps.")


def _header(value: str) -> str:
    return re.sub(r"[^\x20-\x7e]", "", value)[:300]


def _allowed() -> frozenset[str]:
    """``host:port`` that tests serve on this machine. No environment variable sets it."""
    return frozenset(getattr(settings, "IMPORT_TEST_SERVERS", ()))


def _addresses(host: str, port: int) -> list[tuple[int, str]]:
    """(family, address) of a host, each checked. Raises :class:`FetchError`."""
    try:
        found = socket.getaddrinfo(host.encode("idna").decode(), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError(f"Le site « {host[:100]} » est introuvable.") from None
    addresses = list(dict.fromkeys((int(family), str(where[0])) for family, _, _, _, where in found))
    if f"{host}:{port}" not in _allowed() and not all(is_public(address) for _, address in addresses):
        raise FetchError("Cette adresse mène à un réseau privé : elle est refusée.")
    return addresses


def _connect(parts: SplitResult, deadline: float, seconds: float) -> socket.socket:
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    for family, address in _addresses(host, port)[:4]:
        left = min(seconds, deadline - time.monotonic())
        if left <= 0:
            raise _late()
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(left)
            sock.connect((address, port))
            if parts.scheme == "https":
                return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        except ssl.SSLError:
            sock.close()
            raise FetchError("Le certificat de ce site n’est pas valable.") from None
        except OSError:
            sock.close()
            continue
        else:
            return sock
    raise FetchError(f"Le site « {host[:100]} » ne répond pas.")


def post(url: str, body: bytes, headers: dict[str, str], *, total_seconds: float = 10.0) -> int:
    """Send ``body`` to ``url``; returns the status. Redirects are not followed: their status is returned.

    Raises :class:`FetchError`, and nothing else. What is answered beyond its first line and headers is not read.
    """
    deadline = time.monotonic() + total_seconds
    parts = checked_url(url)
    headers = {"User-Agent": AGENT, "Connection": "close", "Content-Length": str(len(body))} | headers
    try:
        with _request("POST", parts, headers, deadline, CONNECT_SECONDS, body) as response:
            return response.status
    except FetchError:
        raise
    except (OSError, http.client.HTTPException, ValueError, UnicodeError) as error:
        logger.info("Post: %s could not be told (%s).", parts.hostname, type(error).__name__)
        if time.monotonic() >= deadline - 0.05:
            raise _late() from None
        raise FetchError("Le serveur a coupé la connexion ou répondu n’importe quoi.") from None


def _hop(
    parts: SplitResult, headers: dict[str, str], deadline: float, max_bytes: int, connect_seconds: float
) -> Fetched | str:
    """What one request gives: the content, or where it is."""
    with _request("GET", parts, headers, deadline, connect_seconds) as response:
        return _answer(response, max_bytes)


@contextlib.contextmanager
def _request(
    method: str,
    parts: SplitResult,
    headers: dict[str, str],
    deadline: float,
    connect_seconds: float,
    body: bytes = b"",
) -> Iterator[http.client.HTTPResponse]:
    """The answer to one request, to be read inside of the block; all of it must be over by ``deadline``."""
    sock = _connect(parts, deadline, connect_seconds)
    left = max(0.01, deadline - time.monotonic())
    sock.settimeout(left)
    late = threading.Event()
    watchdog = threading.Timer(left, _cut, [sock, late])
    watchdog.daemon = True
    watchdog.start()
    try:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or PORTS[parts.scheme])
        connection.sock = sock
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        path += f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?[]')}" if parts.query else ""
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", _host(parts))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body or None)
        # Closed too, or it holds the socket open as long as it lives.
        with contextlib.closing(connection.getresponse()) as response:
            yield response
        if late.is_set():
            # What ended then is what we cut.
            raise _late()
    except FetchError:
        if late.is_set():
            raise _late() from None
        raise
    finally:
        watchdog.cancel()
        sock.close()


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").encode("idna").decode()
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, PORTS[parts.scheme]) else f"{host}:{parts.port}"


def _cut(sock: socket.socket, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _answer(response: http.client.HTTPResponse, max_bytes: int) -> Fetched | str:
    status = response.status
    if status == 304:
        return Fetched(None)
    if status in (301, 302, 303, 307, 308):
        if location := response.getheader("Location"):
            return location
        raise FetchError("Le serveur renvoie ailleurs sans dire où.")
    if status in (401, 403, 407):
        raise FetchError("Cette adresse demande un mot de passe, ou nous est interdite.")
    if status in (404, 410):
        raise FetchError(f"Il n’y a rien, ou plus rien, à cette adresse ({status}).")
    if status != 200:
        raise FetchError(f"Le serveur répond une erreur ({status}).")
    data = _body(response, max_bytes) if max_bytes else b""
    etag, modified = response.getheader("ETag") or "", response.getheader("Last-Modified") or ""
    return Fetched(data, _header(etag) if len(etag) <= 300 else "", _header(modified)[:100])


def _body(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    """The content, unpacked; both as received and as unpacked it stays within ``max_bytes``."""
    encoding = (response.getheader("Content-Encoding") or "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"Le serveur compresse d’une façon inconnue ({encoding[:20]}).")
    unpacker = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    received, kept = 0, bytearray()
    while piece := response.read1(65536):
        received += len(piece)
        if unpacker is not None:
            piece = unpacker.decompress(piece, max_bytes - len(kept) + 1)
        kept += piece
        if received > max_bytes or len(kept) > max_bytes:
            raise FetchError(f"Ce fichier dépasse {max_bytes // 1024 // 1024 or 1} Mo.")
    if response.length or (unpacker is not None and not unpacker.eof):
        raise FetchError("Le fichier est arrivé incomplet.")
    return bytes(kept)
