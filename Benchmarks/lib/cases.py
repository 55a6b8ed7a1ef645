"""The cases: what is measured, and with whom."""

from dataclasses import dataclass

from .loads import Load

GATEHOUSE = ("gatehouse-io_uring", "gatehouse-epoll")
JWT = ("haproxy-jwt", "envoy")
BODY_PEERS = ("haproxy-splice", "nginx", *GATEHOUSE, "envoy")
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Case:
    """Requests to a row of peers, side by side. The base of the ratios, plain HAProxy, is always among them."""

    name: str
    title: str
    load: Load
    peers: tuple[str, ...]
    algorithm: str = "HS256"
    is_pinned: bool = True
    #: For bodies, the CPU time of a MiB counts.
    body_mebibytes: int = 0


CASES = (
    Case("hs256", "HS256, one token", Load(), ("nginx", *GATEHOUSE, *JWT, "express")),
    Case("es256", "ES256, one token", Load(), ("nginx", *GATEHOUSE, *JWT), algorithm="ES256"),
    Case("rs256", "RS256, one token", Load(), ("nginx", *GATEHOUSE, *JWT), algorithm="RS256"),
    Case(
        "tokens-10000", "10,000 different HS256 tokens, at random", Load(tokens=10_000), (*GATEHOUSE, *JWT, "express")),
    Case(
        "no-token", "no token: 401 (plain HAProxy proxies)", Load(has_token=False, status=401),
        (*GATEHOUSE, *JWT, "express")),
    Case(
        "body-down-1MiB", "1 MiB down", Load(path="/api/down", connections=16), BODY_PEERS, body_mebibytes=1),
    Case(
        "body-up-1MiB", "1 MiB up", Load(path="/api/up", method="POST", body_bytes=MEBIBYTE, connections=16),
        BODY_PEERS, body_mebibytes=1),
    Case("connections-1000", "1,000 connections", Load(connections=1000), ("nginx", *GATEHOUSE, *JWT, "express")),
    Case("connection-1", "one connection: latency", Load(connections=1), ("nginx", *GATEHOUSE, *JWT, "express")),
    Case(
        "workers-2", "two workers against one, on all cores", Load(connections=128),
        (*GATEHOUSE, *(f"{name}-2" for name in GATEHOUSE)), is_pinned=False),
)

#: Measured in ways of their own.
IDLE = "idle-memory"
GROWTH = ("growth-routes", "growth-tokens", "growth-connections")

#: What one runs while working.
QUICK = ("hs256", "es256", "body-down-1MiB", "body-up-1MiB")
QUICK_PEERS = GATEHOUSE

NAMES = (*(case.name for case in CASES), IDLE, *GROWTH)
