"""results.json, and what is made of it: results.md and the plots."""

import json
import re
from pathlib import Path

from . import cases, machine, options, peers, plot, tables, targets
from .install import version_line
from .loads import wrk
from .problems import NotMeasured, Unusable

FILES = ("results.md", "results.json", "results.svg", "growth.svg")

HEAD = """\
# Gatehouse beside others

Written by `{command}`; [README.md](README.md) says how it measures, what is fair about it and what is not. CPU time is
that of the whole process tree, the kernel's work for it included, and every ratio is the median of the ratios of each
round.

![CPU time per request, relative to plain HAProxy](results.svg)
"""


def new(asked: options.Options, arguments: list[str]) -> dict:
    """What is known before anything has been measured."""
    return {
        "command": " ".join(["Benchmarks/compare", *arguments]),
        "machine": machine.description(),
        "versions": versions(asked.peers),
        "rounds": asked.rounds,
        "seconds": asked.seconds,
        "pinned": asked.is_pinned,
        "cases": {},
    }


def versions(chosen: set[str]) -> dict[str, str]:
    """The version of everything that takes part and can be had."""
    found = {}
    for peer in peers.ALL:
        family = peer.title.split(",")[0]
        if peer.name in chosen and family not in found:
            try:
                found[family] = peer.version()
            except (NotMeasured, OSError, IndexError) as problem:
                found[family] = f"not known: {str(problem).splitlines()[0]}"
    return found | {"upstream": peers.nginx.version(), "wrk": version_line(wrk(), "-v").split(" Copyright")[0]}


def save(folder: Path, results: dict):
    """Keeps the rounds, so that the report can be written anew without measuring."""
    text = json.dumps(results, indent=1, ensure_ascii=False)
    # One line for a round.
    text = re.sub(r"\{[^{}]*\}", lambda found: " ".join(found[0].split()), text)
    folder.joinpath("results.json").write_text(text + "\n")


def load(folder: Path) -> dict:
    """What the last run has kept.

    :raises Unusable: there is none.
    """
    try:
        return json.loads(folder.joinpath("results.json").read_text())
    except (OSError, ValueError) as problem:
        raise Unusable(f"results.json cannot be read: {problem}") from problem


def write(folder: Path, results: dict):
    """Writes report and plots."""
    folder.joinpath("results.md").write_text(markdown(results))
    folder.joinpath("results.svg").write_text(plot.bars(results))
    folder.joinpath("growth.svg").write_text(plot.curves(results))


def markdown(results: dict) -> str:
    """The report."""
    parts = [HEAD.format(command=results["command"])]
    facts = results["machine"] | {
        "rounds": f"{results['rounds']} of {results['seconds']} s each",
        "cores of the peer": "one of its own" if results["pinned"] else "all"} | results["versions"]
    parts.append(section("Machine and versions", tables.as_markdown(("", ""), list(facts.items()))))
    parts.append(section("Targets", tables.as_markdown(("", "at most", "measured", ""), targets.rows(results))))
    growth = []
    for name, result in results["cases"].items():
        text = f"### {name}: {tables.title_of(name)}\n\n{tables.as_markdown(*tables.table(name, result))}\n"
        if warning := tables.disturbance(result):
            text += f"\n{warning}\n"
        (growth if name in cases.GROWTH else parts).append(text)
    parts.insert(3, "## Cases\n")
    if growth:
        parts += ["## Growth\n", "![CPU time per request as things grow](growth.svg)\n", *growth]
    return "\n".join(parts)


def section(heading: str, text: str) -> str:
    return f"## {heading}\n\n{text}\n"
