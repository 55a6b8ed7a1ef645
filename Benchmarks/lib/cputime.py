"""How much CPU time a process and all its descendants have used, from /proc.

Two clocks are read. `schedstat` counts nanoseconds a task, but forgets a task when it ends. `stat` counts ticks of 10
ms and forgets nothing. The first is used as long as the second does not show that something ended in between.

Work that the kernel does for a process in system calls is in both. With io_uring it is too: it runs in the task itself,
or in io-wq and polling threads, which are tasks of the same process.
"""

import os
from dataclasses import dataclass
from pathlib import Path

TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Reading:
    """CPU seconds used so far, by both clocks."""

    by_tasks: float
    by_ticks: float


def parse_schedstat(text: str) -> float:
    """Seconds on a CPU: the first of the three numbers is nanoseconds."""
    return int(text.split()[0]) / 1e9


def parse_stat(text: str) -> tuple[int, float]:
    """Parent and CPU seconds (own, ended threads, reaped children). The name may hold blanks and brackets."""
    fields = text[text.rindex(")") + 2 :].split()
    parent = int(fields[1])
    utime, stime, children_utime, children_stime = (int(field) for field in fields[11:15])
    return parent, (utime + stime + children_utime + children_stime) * TICK_SECONDS


def parse_machine(text: str) -> float:
    """CPU seconds that all cores have worked, or were kept from working by other guests of the same host: the first line
    of /proc/stat without idle and waiting time."""
    user, nice, system, _, _, irq, softirq, steal = (int(field) for field in text.split("\n")[0].split()[1:9])
    return (user + nice + system + irq + softirq + steal) * TICK_SECONDS


def machine_busy() -> float:
    """The same of this machine."""
    return parse_machine(Path("/proc/stat").read_text())


def processes_below(pid: int, parents: dict[int, int]) -> list[int]:
    """The process and all its descendants, from a table of process and parent."""
    found = [pid]
    for ancestor in found:
        found.extend(child for child, parent in parents.items() if parent == ancestor)
    return found


def process_tree(pid: int) -> list[int]:
    """The living processes of the tree below `pid`, itself included."""
    parents = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            parents[int(entry)] = parse_stat(Path(f"/proc/{entry}/stat").read_text())[0]
        except OSError:
            continue  # It ended while we were looking.
    return processes_below(pid, parents) if pid in parents else []


def read(pid: int) -> Reading:
    """The CPU time of the tree so far."""
    by_tasks = by_ticks = 0.0
    for process in process_tree(pid):
        try:
            by_ticks += parse_stat(Path(f"/proc/{process}/stat").read_text())[1]
            for task in os.listdir(f"/proc/{process}/task"):
                by_tasks += parse_schedstat(Path(f"/proc/{process}/task/{task}/schedstat").read_text())
        except OSError:
            continue
    return Reading(by_tasks, by_ticks)


def seconds_between(before: Reading, after: Reading) -> float:
    """CPU seconds from one reading to the next: the fine clock, unless it has lost a task that ended."""
    fine = after.by_tasks - before.by_tasks
    coarse = after.by_ticks - before.by_ticks
    # Ticks are rounded once for user and once for system time, at both ends; beyond that they mean a lost task.
    has_lost_tasks = coarse > fine + 4 * TICK_SECONDS + 0.02 * coarse
    return coarse if has_lost_tasks else fine
