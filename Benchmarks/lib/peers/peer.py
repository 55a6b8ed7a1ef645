"""What a peer is, and what it is told before it starts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from ..tokens import Keys

#: A command, and what is added to its environment.
Command = tuple[list[str], dict[str, str]]


@dataclass(frozen=True)
class Setting:
    """Everything that a peer's configuration depends on. All peers of a case get the same, but for ports and folder."""

    folder: Path
    port: int
    upstream_port: int
    keys: Keys
    algorithm: str
    routes: int

    def write(self, name: str, text: str) -> Path:
        """Writes a file into the peer's own folder."""
        path = self.folder / name
        path.write_text(text)
        return path


@dataclass(frozen=True)
class Peer:
    """One side of the comparison.

    `install` and `configure` raise NotMeasured with the reason when the peer cannot take part. `configure` writes the
    peer's files.
    """

    name: str
    title: str
    verifies: bool
    install: Callable[[], None]
    configure: Callable[[Setting], Command]
    version: Callable[[], str]
    algorithms: tuple[str, ...] = ("HS256", "ES256", "RS256")
