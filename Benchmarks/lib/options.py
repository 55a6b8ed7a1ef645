"""The command line."""

import argparse
import difflib
from dataclasses import dataclass

from . import cases, peers
from .problems import Unusable

FULL_ROUNDS, FULL_SECONDS = 5, 4
QUICK_ROUNDS, QUICK_SECONDS = 3, 2

ABOUT = """\
Measures Gatehouse beside other gateways and proxies: installs what is missing, starts everything on loopback in front
of one nginx, drives each in turn with wrk, round after round, and prints CPU time per request of each process tree
against plain HAProxy. A complete run takes about forty minutes and writes results.md, results.json, results.svg and
growth.svg into this folder. README.md there says how it measures, and what is fair about it.
"""


@dataclass(frozen=True)
class Options:
    """What was asked for, checked and with defaults filled in."""

    names: list[str]
    peers: set[str]
    rounds: int
    seconds: float
    is_pinned: bool
    writes: bool
    only_reports: bool
    only_tests: bool
    keeps: bool


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="Benchmarks/compare", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"cases: {' '.join(cases.NAMES)}\n\npeers: {' '.join(peer.name for peer in peers.ALL)}\n\n"
        "GATEHOUSE_BINARY names a gatehouse to measure; without it, one is built.")
    made.add_argument(
        "--quick", action="store_true",
        help="under two minutes: Gatehouse against plain HAProxy, the cases one wants while working; writes nothing")
    made.add_argument("--only", metavar="CASE[,CASE]", help="these cases; writes nothing")
    made.add_argument("--peers", metavar="PEER[,PEER]", help="these peers, and plain HAProxy; writes nothing")
    made.add_argument("--rounds", type=int, metavar="N", help=f"default: {FULL_ROUNDS}; with --quick {QUICK_ROUNDS}")
    made.add_argument(
        "--seconds", type=int, metavar="S", help=f"of each peer in each round; default: {FULL_SECONDS}; with --quick "
        f"{QUICK_SECONDS}")
    made.add_argument("--no-pin", action="store_true", help="do not give the peer a core of its own")
    made.add_argument("--write", action="store_true", help="write the results, although they are not complete")
    made.add_argument("--report", action="store_true", help="write report and plots anew from results.json, and end")
    made.add_argument("--keep", action="store_true", help="keep configurations, logs and outputs, and say where")
    made.add_argument("--self-test", action="store_true", help="test the arithmetic of this program, and end")
    return made


def parse(arguments: list[str]) -> Options:
    """The options, checked.

    :raises Unusable: a name that nothing has, or a number that makes no sense.
    """
    given = parser().parse_args(arguments)
    names = chosen("case", given.only, cases.QUICK if given.quick else cases.NAMES, cases.NAMES)
    known_peers = tuple(peer.name for peer in peers.ALL)
    chosen_peers = chosen("peer", given.peers, cases.QUICK_PEERS if given.quick else known_peers, known_peers)
    rounds = given.rounds if given.rounds is not None else QUICK_ROUNDS if given.quick else FULL_ROUNDS
    seconds = given.seconds if given.seconds is not None else QUICK_SECONDS if given.quick else FULL_SECONDS
    if rounds < 1 or seconds < 1:
        raise Unusable("--rounds and --seconds begin at 1")
    is_complete = not (given.quick or given.only or given.peers)
    return Options(
        names, {*chosen_peers, peers.BASE}, rounds, seconds, not given.no_pin, is_complete or given.write, given.report,
        given.self_test, given.keep)


def chosen(kind: str, words: str | None, default: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    """The names in a list with commas, in the order of the known ones.

    :raises Unusable: one is not known; the message lists those that are, and the nearest.
    """
    if words is None:
        return list(default)
    names = [word.strip() for word in words.split(",") if word.strip()]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise Unusable(f"there is no {kind} `{name}`{hint}\n  known: {' '.join(known)}")
    if not names:
        raise Unusable(f"no {kind} is named\n  known: {' '.join(known)}")
    return [name for name in known if name in names]
