"""What a proxy holds for a connection on which nothing happens.

Each client has done one request and keeps its connection. The difference in resident memory before and after them is
divided by their number. A fresh process each round: memory that was used once would hide what the next round needs.
"""

import select
import socket
import time
from pathlib import Path

from . import cputime, machine
from .cases import IDLE
from .measure import Run, minted
from .peers import BASE
from .problems import NotMeasured

PEERS = (BASE, "nginx", "gatehouse-io_uring", "gatehouse-epoll", "envoy")
CONNECTIONS = 5000
#: Memory varies little from process to process.
ROUNDS_MAX = 3
#: Connections that come and go first, so that what every process allocates once is not counted.
WARM_UP_CONNECTIONS = 200
SETTLE_SECONDS = 1
TITLE = f"memory of an idle connection, {CONNECTIONS:,} of them"


def measure_idle(run: Run) -> dict:
    """For each peer `{"rounds": [{"bytes": …, "problems": […]}…]}` or `{"not_measured": reason}`."""
    result = {}
    for name in PEERS:
        if name not in run.peers:
            continue
        result[name] = {"rounds": []}
        for _ in range(min(run.rounds, ROUNDS_MAX)):
            try:
                result[name]["rounds"].append(one_round(run, name))
            except NotMeasured as reason:
                result[name] = {"not_measured": str(reason)}
                run.say(f"   not measured: {reason}")
                break
    return result


def one_round(run: Run, name: str) -> dict:
    """A fresh process, and what the connections have added to its memory."""
    if machine.connections_max() < CONNECTIONS:
        raise NotMeasured(f"{CONNECTIONS:,} connections need more descriptors than are allowed here (ulimit -n)")
    request = request_with(minted(run.keys, "HS256", 1)[0])
    with run.stage(IDLE, [name]) as stage:
        if reason := stage.absent.get(name):
            raise NotMeasured(reason)
        pid, port = stage.running[name].pid, stage.ports[name]
        for connection in open_idle(port, WARM_UP_CONNECTIONS, request):
            connection.close()
        time.sleep(SETTLE_SECONDS)  # Closing is noticed and tidied up some time later.
        before = resident_bytes(pid)
        connections = open_idle(port, CONNECTIONS, request)
        time.sleep(SETTLE_SECONDS)  # Memory is given back some time after the last answer.
        after = resident_bytes(pid)
        closed = count_closed(connections)
        for connection in connections:
            connection.close()
    problems = [f"{closed} connections were closed"] if closed else []
    return {"bytes": (after - before) / CONNECTIONS, "problems": problems}


def request_with(token: str) -> bytes:
    return f"GET /api/x HTTP/1.1\r\nHost: gatehouse.bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def open_idle(port: int, count: int, request: bytes) -> list[socket.socket]:
    """Connections that have each had one answer, one after the other.

    :raises NotMeasured: an answer is missing or is not 200.
    """
    connections = []
    for _ in range(count):
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=10)
            connection.sendall(request)
            answer = b""
            while b"\r\n\r\n" not in answer or not answer.endswith(b"\n"):
                piece = connection.recv(65536)
                if not piece:
                    break
                answer += piece
        except OSError as problem:
            raise NotMeasured(f"connection {len(connections) + 1} failed: {problem}") from problem
        if not answer.startswith(b"HTTP/1.1 200"):
            raise NotMeasured(f"connection {len(connections) + 1} was answered {answer[:40]!r}")
        connections.append(connection)
    return connections


def count_closed(connections: list[socket.socket]) -> int:
    """How many of them the peer has closed: those with something, or an end, to be read."""
    poll = select.poll()
    for connection in connections:
        poll.register(connection, select.POLLIN)
    return len(poll.poll(0))


def resident_bytes(pid: int) -> int:
    """Resident memory of the process tree."""
    return sum(parse_resident(Path(f"/proc/{one}/smaps_rollup").read_text()) for one in cputime.process_tree(pid))


def parse_resident(text: str) -> int:
    """The line `Rss:` of smaps_rollup, in bytes."""
    line = next(line for line in text.splitlines() if line.startswith("Rss:"))
    return int(line.split()[1]) * 1024
