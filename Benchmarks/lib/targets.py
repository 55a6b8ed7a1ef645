"""What the project set out to reach, and whether a run has reached it."""

from dataclasses import dataclass

from . import measure
from .cases import IDLE
from .peers import BASE, named

ENGINES = ("gatehouse-io_uring", "gatehouse-epoll")


@dataclass(frozen=True)
class Target:
    """CPU time per request of a peer in a case, at most `limit` times that of another peer."""

    case: str
    peer: str
    base: str
    limit: float

    def words(self) -> str:
        return f"{named(self.peer).title}: {self.case}, against {named(self.base).title}"

    def measured(self, results: dict) -> float | None:
        return measure.ratio(results["cases"].get(self.case, {}), self.peer, self.base)


@dataclass(frozen=True)
class IdleTarget:
    """Bytes of resident memory for an idle connection."""

    peer: str
    limit: float = 1024

    def words(self) -> str:
        return f"{named(self.peer).title}: bytes of an idle connection"

    def measured(self, results: dict) -> float | None:
        entry = results["cases"].get(IDLE, {}).get(self.peer)
        return None if entry is None or measure.problems_in(entry) else measure.median_of(entry, "bytes")


def _of_engine(engine: str, plain: float, jwt: float, envoy: float, express: float) -> list[Target | IdleTarget]:
    return [
        *(Target(case, engine, BASE, plain) for case in ("hs256", "es256", "rs256")),
        Target("hs256", engine, "haproxy-jwt", jwt),
        Target("hs256", engine, "envoy", envoy),
        Target("hs256", engine, "express", express),
        Target("body-down-1MiB", engine, BASE, 1.0),
        Target("body-up-1MiB", engine, BASE, 1.0),
        Target("workers-2", f"{engine}-2", engine, 1.1),
        IdleTarget(engine),
    ]


TARGETS = (
    *_of_engine(ENGINES[0], plain=0.90, jwt=0.40, envoy=1 / 7, express=1 / 25),
    *_of_engine(ENGINES[1], plain=1.10, jwt=0.50, envoy=1 / 5, express=1 / 20),
)


def rows(results: dict) -> list[tuple[str, ...]]:
    """Target, limit, measured, verdict."""
    found = []
    for target in TARGETS:
        measured = target.measured(results)
        digits = 0 if isinstance(target, IdleTarget) else 3
        if measured is None:
            found.append((target.words(), f"{target.limit:.{digits}f}", "–", "not measured"))
            continue
        verdict = "reached" if measured <= target.limit else f"missed by {(measured / target.limit - 1) * 100:.0f} %"
        found.append((target.words(), f"{target.limit:.{digits}f}", f"{measured:.{digits}f}", verdict))
    return found
