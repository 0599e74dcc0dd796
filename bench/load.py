"""A small client for this machine only: a few kept-alive connections, each asking again as soon as it is answered."""

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from bench.servers import HOST, Server

CONNECTIONS = 8


class WrongAnswer(RuntimeError):
    """The server answered something else than was measured."""


@dataclass(frozen=True)
class Cost:
    """What so many requests cost."""

    requests: int
    seconds: float
    cpu_seconds: float
    size: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu_seconds / self.requests


class _Connection:
    """One connection and the answer that is arriving on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received, self.expected, self.size = bytearray(), 0, 0

    def is_answered(self, status: bytes) -> bool:
        """Take what has arrived; return whether the answer is whole."""
        arrived = self.socket.recv(1 << 18)
        if not arrived:
            raise WrongAnswer("the server closed the connection")
        self.received += arrived
        if not self.expected:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = bytes(self.received[:end]).lower()
            if not head.startswith(b"http/1.1 " + status):
                raise WrongAnswer(bytes(self.received[:2000]).decode(errors="replace"))
            length = head.find(b"content-length:")
            self.size = int(head[length + 15 :].split(b"\r\n", 1)[0]) if length >= 0 else 0
            self.expected = end + 4 + self.size
        if len(self.received) < self.expected:
            return False
        self.received.clear()
        self.expected = 0
        return True


def get(server: Server, path: str, *, seconds: float) -> Cost:
    """Ask for a page again and again for so many seconds."""
    request = f"GET {path} HTTP/1.1\r\nHost: {HOST}:{server.port}\r\nAccept: text/html\r\n\r\n".encode()
    return _ask(server, repeat(request), seconds=seconds, status=b"200")


def post(server: Server, path: str, bodies: list[bytes], *, cookie: str, status: bytes) -> Cost:
    """Send each body once."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}:{server.port}\r\nCookie: csrftoken={cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    ).encode()
    requests = (head + str(len(body)).encode() + b"\r\n\r\n" + body for body in bodies)
    return _ask(server, requests, seconds=120, status=status)


def _ask(server: Server, requests: Iterator[bytes], *, seconds: float, status: bytes) -> Cost:
    selector = selectors.DefaultSelector()
    connections = [_Connection(server.port) for _number in range(CONNECTIONS)]
    answered, asked = 0, 0
    cpu, start = server.cpu_seconds(), time.perf_counter()
    deadline = start + seconds
    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        if request := next(requests, None):
            connection.socket.sendall(request)
            asked += 1
    while answered < asked:
        for key, _events in selector.select(timeout=30) or _silence():
            if not key.data.is_answered(status):
                continue
            answered += 1
            if time.perf_counter() < deadline and (request := next(requests, None)):
                key.data.socket.sendall(request)
                asked += 1
    cost = Cost(answered, time.perf_counter() - start, server.cpu_seconds() - cpu, connections[0].size)
    for connection in connections:
        connection.socket.close()
    selector.close()
    return cost


def _silence() -> list[tuple[selectors.SelectorKey, int]]:
    raise WrongAnswer("no answer for 30 seconds")
