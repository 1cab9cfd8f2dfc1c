"""Mailboxes on loopback: as much of IMAP (RFC 3501) and POP3 (RFC 1939) as reading one takes."""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Mailbox:
    """Messages by number; ``deleted`` those marked. ``dies_after``: the connection is lost after so many were read.
    ``withheld`` those that the server refuses to give.
    """

    messages: dict[int, bytes]
    password: str = "secret"
    dies_after: int | None = None
    deleted: set[int] = field(default_factory=set)
    withheld: set[int] = field(default_factory=set)
    read: int = 0

    def take(self, number: int) -> bytes:
        if self.dies_after is not None and self.read >= self.dies_after:
            raise ConnectionAbortedError
        self.read += 1
        return self.messages[number]

    def expunge(self) -> None:
        for number in self.deleted:
            self.messages.pop(number, None)
        self.deleted.clear()


class _Session(socketserver.StreamRequestHandler):
    timeout = 5

    @property
    def box(self) -> Mailbox:
        return self.server.box  # type: ignore[attr-defined]

    def say(self, line: str | bytes) -> None:
        self.wfile.write((line if isinstance(line, bytes) else line.encode()) + b"\r\n")

    def handle(self) -> None:
        try:
            self.serve()
        except (OSError, ConnectionAbortedError):
            return


class Imap(_Session):
    def serve(self) -> None:
        self.say("* OK IMAP4rev1 ici")
        while line := self.rfile.readline().decode().strip():
            tag, _, command = line.partition(" ")
            if not self.answer(tag, command):
                return

    def answer(self, tag: str, command: str) -> bool:
        words = command.split(" ")
        verb = words[0].upper()
        if verb == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif verb == "LOGIN":
            if words[2].strip('"') != self.box.password:
                self.say(f"{tag} NO wrong")
                return True
        elif verb == "SELECT":
            self.say(f"* {len(self.box.messages)} EXISTS")
        elif command.upper().startswith("UID SEARCH"):
            left = [str(number) for number in self.box.messages if number not in self.box.deleted]
            self.say(f"* SEARCH {' '.join(left)}")
        elif command.upper().startswith("UID FETCH"):
            number = int(words[2])
            if number in self.box.withheld:
                self.say(f"{tag} NO busy")
                return True
            data = self.box.take(number)
            self.say(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(data)}}}".encode())
            self.wfile.write(data + b")\r\n")
        elif command.upper().startswith("UID STORE"):
            self.box.deleted.add(int(words[2]))
        elif verb == "EXPUNGE":
            self.box.expunge()
        elif verb == "LOGOUT":
            self.say("* BYE")
        self.say(f"{tag} OK done")
        return verb != "LOGOUT"


class Pop(_Session):
    def serve(self) -> None:
        self.say("+OK ici")
        while line := self.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            if verb == "PASS" and rest != self.box.password:
                self.say("-ERR wrong")
            elif verb == "STAT":
                self.say(f"+OK {len(self.box.messages)} 1000")
            elif verb == "TOP":
                number = sorted(self.box.messages)[int(rest.split(" ")[0]) - 1]
                data = self.box.take(number)
                self.say("+OK")
                self.wfile.write(re.sub(rb"(?m)^\.", b"..", data).rstrip(b"\r\n") + b"\r\n.\r\n")
            elif verb == "DELE":
                self.box.deleted.add(sorted(self.box.messages)[int(rest) - 1])
                self.say("+OK")
            elif verb == "QUIT":
                self.box.expunge()
                self.say("+OK")
                return
            else:
                self.say("+OK")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    tls: ssl.SSLContext | None = None

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self.tls is None:
            return connection, address
        try:
            return self.tls.wrap_socket(connection, server_side=True), address
        except OSError:
            connection.close()
            raise


@contextmanager
def serving(kind: type[_Session], box: Mailbox, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of a server of that kind, over TLS where ``tls`` says how."""
    with _Server(("127.0.0.1", 0), kind) as server:
        server.tls = tls
        server.box = box  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join(2)
