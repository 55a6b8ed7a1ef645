"""How the cost of a request grows: with routes, with different tokens, with connections. One curve for each."""

from dataclasses import replace

from . import machine
from .cases import GATEHOUSE, Case
from .loads import Load
from .measure import Run, measure_case

#: Different paths at most: more would measure wrk's own memory.
PATHS_MAX = 1000
#: Connecting is not what is measured, so the more connections there are, the longer a round lasts.
CONNECTIONS_PER_SECOND = 1000
#: A curve has many points.
ROUNDS_MAX = 3

TITLES = {
    "growth-routes": "routes",
    "growth-tokens": "different tokens",
    "growth-connections": "connections",
}
POINTS = {
    "growth-routes": (10, 100, 1_000, 10_000),
    "growth-tokens": (1, 10, 100, 1_000, 10_000, 100_000),
    "growth-connections": (10, 100, 1_000, 4_000, 8_000),
}


def load_at(name: str, point: int) -> tuple[Load, int]:
    """What is sent at a point of a curve, and how many routes the gateway has besides its own three."""
    if name == "growth-routes":
        paths = min(point, PATHS_MAX)
        return Load(paths=paths, path_step=point // paths), point
    if name == "growth-tokens":
        return Load(tokens=point), 0
    return Load(connections=point), 0


def measure_growth(name: str, run: Run) -> dict:
    """For each point the result of a case, as `measure_case` returns it; points in JSON are texts."""
    result = {}
    for point in POINTS[name]:
        load, routes = load_at(name, point)
        if load.connections > machine.connections_max():
            run.say(f"   {point:,}: not measured: more descriptors are needed than are allowed here (ulimit -n)")
            continue
        case = Case(f"{name}-{point}", f"{point:,} {TITLES[name]}", load, GATEHOUSE)
        seconds = max(run.seconds, load.connections // CONNECTIONS_PER_SECOND)
        few = replace(run, rounds=min(run.rounds, ROUNDS_MAX), seconds=seconds)
        result[str(point)] = measure_case(case, few, routes)
    return result
