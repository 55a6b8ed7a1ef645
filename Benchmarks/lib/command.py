"""The command, from the options to the report."""

import functools
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from . import cases, growth, idle, machine, measure, options, report, selftest, tables, tokens
from .problems import Unusable

HERE = Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> int:
    """Does what the arguments ask; the status to exit with."""
    # TERM ends us as Ctrl-C does: everything that was started is stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        asked = options.parse(arguments)
        if asked.only_tests:
            return selftest.run()
        if asked.only_reports:
            report.write(HERE, report.load(HERE))
            return 0
        results = compare(asked, arguments)
    except Unusable as problem:
        print(f"compare: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("compare: interrupted", file=sys.stderr)
        return 130
    if asked.writes:
        report.save(HERE, results)
        report.write(HERE, results)
        say(f"== written: {' '.join(report.FILES)} in {HERE.name}")
    return 0


def compare(asked: options.Options, arguments: list[str]) -> dict:
    """Measures everything that was asked for, and prints each table as soon as it is complete."""
    machine.raise_descriptors()
    folder = Path(tempfile.mkdtemp(prefix="gatehouse-compare."))
    try:
        keys = tokens.make_keys(folder)
        results = report.new(asked, arguments)
        for name in asked.names:
            say(f"== {name}: {tables.title_of(name)}")
            results["cases"][name] = measure_one(name, asked, folder, keys)
            say(tables.as_text(*tables.table(name, results["cases"][name])))
            if warning := tables.disturbance(results["cases"][name]):
                say(f"   {warning}")
        return results
    finally:
        if asked.keeps:
            say(f"== kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def measure_one(name: str, asked: options.Options, folder: Path, keys: tokens.Keys) -> dict:
    """One case, in the way that it is measured."""
    run = measure.Run(folder, keys, asked.peers, asked.rounds, asked.seconds, asked.is_pinned, asked.keeps, say_once)
    if name == cases.IDLE:
        return idle.measure_idle(run)
    if name in cases.GROWTH:
        return growth.measure_growth(name, run)
    return measure.measure_case(next(case for case in cases.CASES if case.name == name), run)


@functools.cache
def say_once(line: str):
    """Prints what would otherwise be repeated for every case."""
    say(line)


def say(line: str):
    """Prints at once, also into a pipe."""
    print(line, flush=True)
