"""The command: reads options, measures case after case, prints, and writes the report."""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from . import cases, machine, measure, peers, tables, tokens
from .problems import NotMeasured, Unusable


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    # TERM ends us like Ctrl-C does: with everything stopped that was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    machine.raise_descriptors()
    folder = Path(tempfile.mkdtemp(prefix="gatehouse-compare."))
    try:
        keys = tokens.make_keys(folder)
        chosen = {peer.name for peer in peers.ALL}
        for case in cases.CASES:
            if options.only and case.name not in options.only.split(","):
                continue
            print(f"== {case.name}: {case.title}", flush=True)
            result = measure.measure_case(
                case, folder, keys, chosen, options.rounds, options.seconds, True, lambda line: print(line, flush=True))
            print(tables.as_text(tables.COLUMNS, tables.case_rows(result)), flush=True)
        return 0
    except (Unusable, NotMeasured) as problem:
        print(f"compare: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="Benchmarks/compare")
    made.add_argument("--only")
    made.add_argument("--rounds", type=int, default=3)
    made.add_argument("--seconds", type=float, default=3)
    return made
