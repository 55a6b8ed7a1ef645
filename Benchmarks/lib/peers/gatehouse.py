"""Gatehouse itself, once for each engine and number of workers, with all that it does by default, and its log."""

from .. import install, tokens
from .peer import Command, Peer, Setting

CONFIGURATION = """\
listen       127.0.0.1:{port}
public-url   http://gatehouse.bench
database     sqlite {folder}/gatehouse.db
io-engine    {engine}
workers      {workers}
access-log   {folder}/access.log
tokens {{
    issuer   {issuer}
    audience {audience}
    key hs256 file {keys}/hs256.secret
    key es256 file {keys}/es256.pem
    key rs256 file {keys}/rs256.pem
}}
upstream web {{ server 127.0.0.1:{upstream_port} }}
route /*       public     -> web
route /api/*   user       -> web
route /admin/* role admin -> web
"""


def peer(engine: str, workers: int) -> Peer:
    """Gatehouse on that engine, with that many cores."""

    def configure(setting: Setting) -> Command:
        text = CONFIGURATION.format(
            port=setting.port, upstream_port=setting.upstream_port, folder=setting.folder, engine=engine,
            workers=workers, keys=setting.keys.folder, issuer=tokens.ISSUER, audience=tokens.AUDIENCE)
        text += "".join(f"route /api/r{number}/* user -> web\n" for number in range(setting.routes))
        path = setting.write("gateway.conf", text)
        return [install.gatehouse_binary(), "run", "-c", str(path)], {}

    many = f"-{workers}" if workers > 1 else ""
    words = f", {workers} workers" if workers > 1 else ""
    return Peer(
        f"gatehouse-{engine}{many}", f"Gatehouse, {engine}{words}", True, install.gatehouse_binary, configure, version)


def version() -> str:
    return install.version_line(install.gatehouse_binary(), "version")
