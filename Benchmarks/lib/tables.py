"""Tables as text: the same words in the terminal and in results.md."""

import statistics

from . import growth, idle, measure
from .cases import CASES, GROWTH, IDLE
from .peers import BASE, named

COLUMNS = ("", "CPU per request", "against plain HAProxy", "requests/s", "p50", "p99")
BODY_COLUMNS = ("", "CPU per MiB", *COLUMNS[2:])
IDLE_COLUMNS = ("", "resident bytes per connection")
#: Less than this is what every machine does on the side.
QUIET_CORES = 0.15
NOT_MEASURED, INVALID = "not measured", "invalid"


def title_of(name: str) -> str:
    """What stands beside the name of a case."""
    if name == IDLE:
        return idle.TITLE
    if name in GROWTH:
        return f"cost of a request against the number of {growth.TITLES[name]}"
    return next(case.title for case in CASES if case.name == name)


def table(name: str, result: dict) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows of what was measured under that name."""
    if name == IDLE:
        return IDLE_COLUMNS, [idle_row(peer, entry) for peer, entry in result.items()]
    if name in GROWTH:
        return growth_table(name, result)
    has_bodies = next(case for case in CASES if case.name == name).body_mebibytes > 0
    return BODY_COLUMNS if has_bodies else COLUMNS, [case_row(peer, result) for peer in result]


def case_row(name: str, result: dict) -> tuple[str, ...]:
    """One peer; a reason stands in place of figures that do not count."""
    entry = result[name]
    if reason := why_not(entry):
        return (named(name).title, reason, "", "", "", "")
    ratio = measure.ratio(result, name)
    return (
        named(name).title, f"{measure.median_of(entry, 'cpu_us'):.1f} µs", "–" if ratio is None else f"{ratio:.2f}",
        f"{measure.median_of(entry, 'requests_per_second'):,.0f}", time_of(measure.median_of(entry, "p50_us")),
        time_of(measure.median_of(entry, "p99_us")))


def idle_row(name: str, entry: dict) -> tuple[str, ...]:
    return named(name).title, why_not(entry) or f"{measure.median_of(entry, 'bytes'):,.0f}"


def growth_table(name: str, result: dict) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """One row a point, one column a peer: CPU time, and in brackets the ratio."""
    peers = [peer for peer in next(iter(result.values()), {})]
    header = (growth.TITLES[name], *(named(peer).title for peer in peers))
    rows = []
    for point, entries in result.items():
        rows.append((f"{int(point):,}", *(growth_cell(peer, entries) for peer in peers)))
    return header, rows


def growth_cell(name: str, result: dict) -> str:
    if why_not(result[name]):
        return NOT_MEASURED if "not_measured" in result[name] else INVALID
    text = f"{measure.median_of(result[name], 'cpu_us'):.1f} µs"
    ratio = measure.ratio(result, name)
    return text if ratio is None or name == BASE else f"{text} ({ratio:.2f})"


def why_not(entry: dict) -> str | None:
    """Why there are no figures; None when there are."""
    problems = measure.problems_in(entry)
    if not problems:
        return None
    # Each once, and of each the first line: the rest has been printed when it happened.
    text = "; ".join(dict.fromkeys(problem.splitlines()[0] for problem in problems))
    return f"{NOT_MEASURED if 'not_measured' in entry else INVALID}: {text}"


def disturbance(result: dict) -> str | None:
    """A sentence for the table of a case during which the machine was not quiet, because its figures are the worse for
    it. None when it was, and for what is not a case."""
    others = measure.others_in(result)
    if not others or max(others) <= QUIET_CORES:
        return None
    return (f"Other work on the machine used {statistics.median(others):.2f} cores meanwhile in the median round, and "
            f"{max(others):.2f} in the worst.")


def time_of(microseconds: float) -> str:
    return f"{microseconds / 1000:.2f} ms" if microseconds >= 1000 else f"{microseconds:.0f} µs"


def as_markdown(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|---" + "|--:" * (len(header) - 1) + "|"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def as_text(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Columns for the terminal; a reason runs over the columns that it leaves empty."""
    full = [header, *(row for row in rows if not has_reason(row))]
    widths = [max(len(row[column]) for row in full) for column in range(len(header))]
    widths[0] = max(len(row[0]) for row in [header, *rows])
    lines = []
    for row in [header, *rows]:
        rest = row[1:] if has_reason(row) else [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("   " + "  ".join([row[0].ljust(widths[0]), *rest]).rstrip())
    return "\n".join(lines)


def has_reason(row: tuple[str, ...]) -> bool:
    """Whether there are words where figures would be."""
    return row[1].startswith((NOT_MEASURED, INVALID))
