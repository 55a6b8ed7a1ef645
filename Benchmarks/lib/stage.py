"""One upstream and the peers in front of it, started for one case and stopped after it."""

import http.client
import os
import resource
import shutil
import time
from pathlib import Path

from . import cputime, tokens
from .peers import Peer, Setting, named, nginx
from .problems import NotMeasured, Unusable
from .processes import Process, free_ports


class Cores:
    """Which cores the peer runs on, and which the rest: the peer has one of its own where there are two or more."""

    def __init__(self, is_pinned: bool):
        everything = os.sched_getaffinity(0)
        last = {max(everything)}
        self.peer = last if is_pinned and len(everything) > 1 else everything
        self.others = everything - last if is_pinned and len(everything) > 1 else everything


class Stage:
    """The processes of one case. Used with `with`, so that they end with it, whatever happens."""

    def __init__(
        self, folder: Path, keys: tokens.Keys, peers: list[str], algorithm: str, cores: Cores, routes: int, keeps: bool,
    ):
        self.folder, self.keys, self.keeps = folder, keys, keeps
        self.peers = [named(name) for name in peers]
        self.algorithm, self.cores, self.routes = algorithm, cores, routes
        self.running: dict[str, Process] = {}
        self.ports: dict[str, int] = {}
        self.absent: dict[str, str] = {}
        self._processes: list[Process] = []

    def __enter__(self) -> "Stage":
        try:
            self.folder.mkdir(exist_ok=True)
            upstream_ports = free_ports(len(self.peers))
            self._start_upstream(upstream_ports)
            for peer, upstream_port in zip(self.peers, upstream_ports):
                try:
                    self._start(peer, upstream_port)
                except NotMeasured as reason:
                    self.absent[peer.name] = str(reason)
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        for process in reversed(self._processes):
            process.stop()
        if not self.keeps:
            shutil.rmtree(self.folder, ignore_errors=True)

    def cpu_seconds(self) -> float:
        """CPU time that the comparison itself has used so far: upstream, peers, what drives them, and this program."""
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        alive = [process.pid for process in self._processes if process.child.poll() is None]
        return sum(one.ru_utime + one.ru_stime for one in used) + sum(cputime.read(pid).by_tasks for pid in alive)

    def url(self, peer: str, path: str) -> str:
        return f"http://127.0.0.1:{self.ports[peer]}{path}"

    def _start_upstream(self, ports: list[int]):
        folder = self.folder / "upstream"
        folder.mkdir(exist_ok=True)
        try:
            command = nginx.configure_upstream(folder, ports)
            upstream = Process("the upstream", command, folder, self.cores.others, {})
            self._processes.append(upstream)
            upstream.wait_for_port(ports[0])
        except NotMeasured as problem:
            raise Unusable(f"there is no upstream: {problem}") from problem

    def _start(self, peer: Peer, upstream_port: int):
        if self.algorithm not in peer.algorithms:
            raise NotMeasured(f"it verifies {' and '.join(peer.algorithms)} only")
        peer.install()
        folder = self.folder / peer.name
        folder.mkdir(exist_ok=True)
        port = free_ports(1)[0]
        setting = Setting(folder, port, upstream_port, self.keys, self.algorithm, self.routes)
        command, environment = peer.configure(setting)
        process = Process(peer.name, command, folder, self.cores.peer, environment)
        self._processes.append(process)
        try:
            process.wait_for_port(port)
            check_work(peer, port, self.keys, self.algorithm)
        except NotMeasured:
            process.stop()
            raise
        self.running[peer.name] = process
        self.ports[peer.name] = port


def check_work(peer: Peer, port: int, keys: tokens.Keys, algorithm: str):
    """Makes sure that a peer does the work it is measured for: it proxies; if it verifies, it does verify, enforce the
    role rule, replace what a client claims to be, and hand on who it is.

    :raises NotMeasured: it does not.
    """
    good = tokens.mint(keys, algorithm)
    head, claims, signature = good.split(".")
    forged = f"{head}.{claims}.{signature[:10]}{'A' if signature[10] != 'A' else 'B'}{signature[11:]}"
    expect(peer, port, "/api/x", good, 200)
    if not peer.verifies:
        return
    expect(peer, port, "/", None, 200)
    expect(peer, port, "/api/x", None, 401)
    expect(peer, port, "/api/x", forged, 401)
    for wrong in ({"exp": int(time.time()) - 3600}, {"iss": "http://other.bench"}, {"aud": "other"}):
        # Envoy takes a token for somebody else for a question of permission.
        expect(peer, port, "/api/x", tokens.mint(keys, algorithm, **wrong), 401, 403)
    expect(peer, port, "/admin/x", good, 403)
    expect(peer, port, "/admin/x", tokens.mint(keys, algorithm, roles=["user", "admin"]), 200)
    told = expect(peer, port, "/api/whoami", good, 200)
    if told.strip() != tokens.user_id(0):
        raise NotMeasured(f"{peer.name} told the backend that the user is {told.strip()!r}")
    if "root" in expect(peer, port, "/whoami", None, 200):
        raise NotMeasured(f"{peer.name} let X-User-Id of a client through")


def expect(peer: Peer, port: int, path: str, token: str | None, *statuses: int) -> str:
    """One request, which pretends to be root; the body of its answer.

    :raises NotMeasured: the answer has a status that is not due, or there is none.
    """
    headers = {"X-User-Id": "root"} | ({"Authorization": f"Bearer {token}"} if token else {})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as problem:
        raise NotMeasured(f"{peer.name} did not answer {path}: {problem}") from problem
    finally:
        connection.close()
    if answer.status not in statuses:
        raise NotMeasured(f"{peer.name} answers {path} with {answer.status} where {statuses[0]} is due")
    return body


def settle():
    """Lets what the last load has left behind come to rest before CPU time is read again."""
    time.sleep(0.1)
