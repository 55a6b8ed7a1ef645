"""Tables as text: the same words in the terminal and in results.md."""

from . import measure
from .peers import named

COLUMNS = ("", "CPU per request", "against plain HAProxy", "requests/s", "p50", "p99")


def case_rows(result: dict, body_mebibytes: int = 0) -> list[tuple[str, ...]]:
    """One row a peer; a reason stands in place of figures that do not count."""
    rows = []
    for name, entry in result.items():
        title = named(name).title
        if problems := measure.problems_in(entry):
            kind = "not measured" if "not_measured" in entry else "invalid"
            rows.append((title, f"{kind}: {shortened(problems)}", "", "", "", ""))
            continue
        cpu = measure.median_of(entry, "cpu_us")
        ratio = measure.ratio(result, name)
        cells = [title, f"{cpu:.1f} µs", f"{ratio:.2f}" if ratio is not None else "–",
                 f"{measure.median_of(entry, 'requests_per_second'):,.0f}",
                 time_of(measure.median_of(entry, "p50_us")), time_of(measure.median_of(entry, "p99_us"))]
        rows.append(tuple(cells))
    return rows


def shortened(problems: list[str]) -> str:
    """The problems, each once, on one line."""
    return "; ".join(dict.fromkeys(" ".join(problem.split()) for problem in problems))


def time_of(microseconds: float) -> str:
    return f"{microseconds / 1000:.2f} ms" if microseconds >= 1000 else f"{microseconds:.0f} µs"


def as_markdown(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|---" + "|--:" * (len(header) - 1) + "|"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def as_text(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Columns for the terminal; a reason may run over its column."""
    widths = [max(len(row[i]) for row in [header, *rows] if row[-1] or row is header) for i in range(len(header))]
    widths[0] = max(len(row[0]) for row in rows)
    lines = []
    for row in [header, *rows]:
        first, *rest = row
        is_reason = row is not header and not row[-1]
        cells = rest if is_reason else [cell.rjust(width) for cell, width in zip(rest, widths[1:])]
        lines.append("   " + "  ".join([first.ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines)
