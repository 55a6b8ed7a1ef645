"""What is asked of the peers, and wrk, which asks it."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from . import install
from .problems import NotMeasured, Unusable

WRK_TIMEOUT_SECONDS = 10

#: Written by wrk when it is done, so that nothing has to be read out of prose.
DONE = """\
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\nRESULT {"requests":%d,"microseconds":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,' ..
    '"status":%d,"p50":%d,"p99":%d}\\n', summary.requests, summary.duration, e.connect, e.read, e.write, e.timeout,
    e.status, latency:percentile(50), latency:percentile(99)))
end
"""

ONE_REQUEST = """\
wrk.method = "{method}"
{token}{body}"""

#: One of many requests at random, in the same order for every peer: LuaJIT begins with the same seed each time.
MANY_REQUESTS = """\
local heads = {{}}
function init(arguments)
  for line in io.lines("{file}") do
    local path, token = line:match("(%S+) (%S+)")
    heads[#heads + 1] = wrk.format("GET", path, {{ ["Authorization"] = "Bearer " .. token }})
  end
end
function request() return heads[math.random(#heads)] end
"""


@dataclass(frozen=True)
class Load:
    """Requests as wrk shall send them."""

    connections: int = 64
    path: str = "/api/x"
    method: str = "GET"
    body_bytes: int = 0
    has_token: bool = True
    #: Different tokens, and different paths (`/api/r0/x`, `/api/r<step>/x` …): one is picked at random each time.
    tokens: int = 1
    paths: int = 1
    path_step: int = 1
    #: What a peer that verifies has to answer; the others always answer 200.
    status: int = 200


@dataclass(frozen=True)
class Sample:
    """One peer in one round."""

    requests: int
    requests_per_second: float
    p50_us: int
    p99_us: int
    cpu_us: float
    """CPU time of the peer's process tree for one request."""
    others: float = 0
    """How many cores were at work for something else meanwhile."""
    problems: list[str] = field(default_factory=list)
    """Why the figures do not count, if so."""


def write_script(load: Load, tokens: list[str], file: Path) -> Path:
    """The Lua script with which wrk sends this load."""
    if load.tokens == 1 and load.paths == 1:
        token = f'wrk.headers["Authorization"] = "Bearer {tokens[0]}"\n' if load.has_token else ""
        body = f'wrk.body = string.rep("x", {load.body_bytes})\n' if load.body_bytes else ""
        text = ONE_REQUEST.format(method=load.method, token=token, body=body)
    else:
        requests = file.with_suffix(".requests")
        count = max(load.tokens, load.paths)
        requests.write_text(
            "".join(f"{path_of(load, number)} {tokens[number % load.tokens]}\n" for number in range(count)))
        text = MANY_REQUESTS.format(file=requests)
    file.write_text(text + DONE)
    return file


def path_of(load: Load, number: int) -> str:
    """The path of that request."""
    return load.path if load.paths == 1 else f"/api/r{number % load.paths * load.path_step}/x"


def parse_result(output: str) -> dict[str, int]:
    """The line that DONE writes.

    :raises NotMeasured: wrk ended without it.
    """
    for line in output.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line.removeprefix("RESULT "))
    raise NotMeasured("wrk ended without a result: " + " ".join(output.split())[-300:])


def problems_of(result: dict[str, int], status: int) -> list[str]:
    """What keeps these figures from counting. wrk counts every answer from 400 on as an error of status."""
    found = [f"{result[kind]} {kind} errors" for kind in ("connect", "read", "write", "timeout") if result[kind]]
    if result["requests"] == 0:
        found.append("no answers")
    unexpected = result["requests"] - result["status"] if status >= 400 else result["status"]
    if unexpected:
        found.append(f"{unexpected} of {result['requests']} answers were not {status}")
    return found


def run_wrk(script: Path, url: str, connections: int, seconds: float, cores: set[int]) -> dict[str, int]:
    """Sends the load for that long."""
    command = [
        wrk(), "--threads", "1", "--connections", str(connections), "--duration", f"{max(1, round(seconds))}s",
        "--timeout", f"{WRK_TIMEOUT_SECONDS}s", "--latency", "--script", str(script), url]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds * 2 + 60, cwd=script.parent,
            preexec_fn=lambda: os.sched_setaffinity(0, cores))
    except subprocess.TimeoutExpired as problem:
        raise NotMeasured("wrk did not end in time") from problem
    return parse_result(done.stdout + done.stderr)


def wrk() -> str:
    """The path of wrk, without which there is nothing to do."""
    try:
        return install.program("wrk", "wrk")
    except NotMeasured as problem:
        raise Unusable(f"wrk is needed: {problem}") from problem
