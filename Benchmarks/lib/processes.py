"""Starts processes and stops exactly those again, also when the comparison is interrupted."""

import ctypes
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

from .problems import NotMeasured

PR_SET_PDEATHSIG = 1
START_SECONDS_MAX = 15
STOP_SECONDS_MAX = 5
LOG_TAIL_LINES = 12

_libc = ctypes.CDLL(None, use_errno=True)


class Process:
    """A running process whose output goes to a file."""

    def __init__(self, name: str, command: list[str], folder: Path, cores: set[int], environment: dict[str, str]):
        self.name = name
        self.log = folder / "output.log"

        def prepare():
            # Should the comparison be killed, nothing it has started may stay behind.
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            os.sched_setaffinity(0, cores)

        with open(self.log, "wb") as log:
            # A session of its own, so that Ctrl-C reaches only us, and we stop the others in order.
            self.child = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=prepare, env={**os.environ, **environment})

    @property
    def pid(self) -> int:
        return self.child.pid

    def wait_for_port(self, port: int):
        """Returns once the process takes connections.

        :raises NotMeasured: it ended, or did not get there in time; with the end of its output.
        """
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if self.child.poll() is not None:
                status = self.child.returncode
                raise NotMeasured(f"{self.name} ended at start with status {status}: {self.last_words()}")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise NotMeasured(f"{self.name} took no connections within {START_SECONDS_MAX} s: {self.last_words()}")

    def last_words(self) -> str:
        """The line of its output that says most, then the last lines, all without the name of the temporary folder."""
        text = self.log.read_text(errors="replace").replace(f"{self.log.parent}/", "")
        lines = [line for line in text.splitlines() if line.strip()]
        return "\n     | ".join([telling_line(lines), *lines[-LOG_TAIL_LINES:]])

    def stop(self):
        """Asks it to end, insists after a while, and returns when it is gone."""
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()


def telling_line(lines: list[str]) -> str:
    """The first line that speaks of an error, or the last one."""
    errors = [line for line in lines if re.search(r"error|alert|emerg|fatal|critical", line, re.IGNORECASE)]
    return (errors or lines[-1:] or ["it said nothing"])[0].strip()


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that are free now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
