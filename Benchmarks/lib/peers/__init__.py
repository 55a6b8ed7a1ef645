"""Who is compared. Each file of this folder is one of them: how it is installed and how it is configured."""

from . import envoy, express, gatehouse, haproxy, nginx
from .peer import Peer, Setting

__all__ = ["ALL", "BASE", "Peer", "Setting", "named", "nginx"]

#: Everybody, in the order of tables. The first is the one that all others are measured against.
ALL: tuple[Peer, ...] = (
    haproxy.PLAIN,
    haproxy.SPLICE,
    nginx.PLAIN,
    *(gatehouse.peer(engine, workers) for workers in (1, 2) for engine in ("io_uring", "epoll")),
    haproxy.JWT,
    envoy.PEER,
    express.PEER,
)

BASE = haproxy.PLAIN.name


def named(name: str) -> Peer:
    """The peer of that name, which has to be one."""
    return next(peer for peer in ALL if peer.name == name)
