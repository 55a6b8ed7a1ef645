"""An Express application that does what Gatehouse does, as tutorials build it (express.js beside this file)."""

import functools
import json
from pathlib import Path

from .. import install, tokens
from ..problems import NotMeasured
from .peer import Command, Peer, Setting

#: Where Debian puts packages of node. Another node than Debian's does not look there by itself.
MODULES = Path("/usr/share/nodejs")
APPLICATION = Path(__file__).with_name("express.js")


@functools.cache
def program() -> str:
    node = install.program("node", "nodejs")
    install.packages("node-express", "node-http-proxy")
    if not (MODULES / "express").is_dir():
        raise NotMeasured("the package node-express holds no express")
    return node


def configure(setting: Setting) -> Command:
    environment = {
        "NODE_PATH": str(MODULES), "NODE_ENV": "production", "PORT": str(setting.port),
        "UPSTREAM": f"http://127.0.0.1:{setting.upstream_port}", "SECRET": setting.keys.secret,
        "ISSUER": tokens.ISSUER, "AUDIENCE": tokens.AUDIENCE}
    return [program(), str(APPLICATION)], environment


def version() -> str:
    versions = [f"{name} {json.loads((MODULES / name / 'package.json').read_text())['version']}"
                for name in ("express", "http-proxy")]
    return ", ".join([f"node {install.version_line(program(), '--version')}", *versions])


PEER = Peer("express", "Express, http-proxy", True, program, configure, version, algorithms=("HS256",))
