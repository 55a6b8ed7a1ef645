"""The machine: what it is, for the report, and how many descriptors its processes may have."""

import datetime
import os
import platform
import resource
import subprocess
from pathlib import Path

from .install import REPOSITORY

DESCRIPTORS_WANTED = 100_000
DESCRIPTORS_SPARE = 200


def raise_descriptors():
    """Lets us and what we start open as many descriptors as thousands of connections need, or as many as we may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < DESCRIPTORS_WANTED:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS_WANTED, DESCRIPTORS_WANTED))
            return
        except (ValueError, OSError):
            pass  # Only root may raise the hard limit; what it allows is what there is.
    ceiling = DESCRIPTORS_WANTED if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS_WANTED)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, ceiling), hard))


def connections_max() -> int:
    """How many clients a proxy can serve at once: each costs it two descriptors."""
    return (resource.getrlimit(resource.RLIMIT_NOFILE)[0] - DESCRIPTORS_SPARE) // 2


def description() -> dict[str, str]:
    """What a reader has to know about the machine to read the figures."""
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / (1 << 30):.0f} GiB",
        "kernel": platform.release(),
        "system": _system(),
        "commit": _commit(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError, AttributeError):
        return platform.system()


def _commit() -> str:
    shown = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=REPOSITORY, capture_output=True, text=True, timeout=30)
    return shown.stdout.strip() or "unknown"
