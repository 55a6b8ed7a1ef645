"""Rounds: every peer in turn, a few seconds each, again and again; and what the rounds say together."""

import functools
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable

from . import cputime, tokens
from .cases import Case
from .loads import Load, Sample, problems_of, run_wrk, write_script
from .peers import BASE, named
from .problems import NotMeasured
from .stage import Cores, Stage, settle

WARM_UP_SECONDS = 1


@functools.cache
def minted(keys: tokens.Keys, algorithm: str, count: int) -> list[str]:
    """That many tokens, made once."""
    return [tokens.mint(keys, algorithm, number) for number in range(count)]


@dataclass(frozen=True)
class Run:
    """What all cases of one run share."""

    folder: Path
    keys: tokens.Keys
    peers: set[str]
    """The names of those that take part, where a case has them."""
    rounds: int
    seconds: float
    is_pinned: bool
    keeps: bool
    say: Callable[[str], None]
    """Prints a line, once."""

    def stage(self, name: str, peers: list[str], algorithm: str = "HS256", is_pinned: bool = True, routes: int = 0):
        """The processes for one case."""
        cores = Cores(self.is_pinned and is_pinned)
        return Stage(self.folder / name, self.keys, peers, algorithm, cores, routes, self.keeps)


def measure_case(case: Case, run: Run, routes: int = 0) -> dict:
    """Measures one case.

    :returns: for each peer, `{"rounds": [sample…]}` or `{"not_measured": reason}`.
    """
    names = [BASE, *(name for name in case.peers if name in run.peers)]
    all_tokens = minted(run.keys, case.algorithm, case.load.tokens)
    script = write_script(case.load, all_tokens, run.folder / f"{case.name}.lua")
    result: dict[str, dict] = {name: {"rounds": []} for name in names}
    with run.stage(case.name, names, case.algorithm, case.is_pinned, routes) as stage:
        for name, reason in stage.absent.items():
            result[name] = {"not_measured": reason}
            run.say(f"   not measured: {reason}")
        alive = [name for name in names if name in stage.running]
        for name in alive:
            measure_once(stage, name, case.load, script, WARM_UP_SECONDS)
        for round in range(run.rounds):
            # Another one begins each time, so that nobody always runs behind the same neighbour.
            shift = round % max(1, len(alive))
            for name in alive[shift:] + alive[:shift]:
                result[name]["rounds"].append(asdict(measure_once(stage, name, case.load, script, run.seconds)))
    return result


def measure_once(stage: Stage, name: str, load: Load, script: Path, seconds: float) -> Sample:
    """One peer for a few seconds."""
    status = load.status if named(name).verifies else 200
    pid = stage.running[name].pid
    settle()
    started, busy, ours = time.monotonic(), cputime.machine_busy(), stage.cpu_seconds()
    before = cputime.read(pid)
    try:
        wrk = run_wrk(script, stage.url(name, load.path), load.connections, seconds, stage.cores.others)
    except NotMeasured as problem:
        return Sample(0, 0, 0, 0, 0, problems=[str(problem)])
    settle()
    cpu_seconds = cputime.seconds_between(before, cputime.read(pid))
    others = cputime.machine_busy() - busy - (stage.cpu_seconds() - ours)
    problems = problems_of(wrk, status)
    if stage.running[name].child.poll() is not None:
        problems.append("it ended during the round")
    if cpu_seconds <= 0:
        problems.append("its CPU time could not be read")
    requests = wrk["requests"]
    return Sample(
        requests, round(requests / (wrk["microseconds"] / 1e6), 1), wrk["p50"], wrk["p99"],
        round(cpu_seconds * 1e6 / max(1, requests), 3), round(max(0, others / (time.monotonic() - started)), 2),
        problems)


def problems_in(entry: dict) -> list[str]:
    """Why the figures of a peer in a case do not count; empty when they do."""
    if "not_measured" in entry:
        return [entry["not_measured"]]
    found = [problem for sample in entry["rounds"] for problem in sample["problems"]]
    return found or ([] if entry["rounds"] else ["no rounds"])


def others_in(result: dict) -> list[float]:
    """How many cores something else used, round by round, in a case; nothing for what is measured in other ways."""
    samples = [sample for entry in result.values() for sample in entry.get("rounds", [])]
    return [sample["others"] for sample in samples if "others" in sample]


def median_of(entry: dict, key: str) -> float:
    """The median of all rounds."""
    return statistics.median(sample[key] for sample in entry["rounds"])


def ratio(result: dict, name: str, base: str = BASE) -> float | None:
    """CPU time per request against another peer's: the median of the ratios of each round, because what disturbs a
    round disturbs both. None when either was not measured."""
    if name not in result or base not in result or problems_in(result[name]) or problems_in(result[base]):
        return None
    pairs = zip(result[name]["rounds"], result[base]["rounds"])
    return statistics.median(one["cpu_us"] / other["cpu_us"] for one, other in pairs)
