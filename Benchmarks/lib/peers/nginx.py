"""nginx as a plain proxy, and as the upstream behind everybody."""

import functools
import os
from pathlib import Path

from .. import install, machine
from .peer import Command, Peer, Setting

HEAD = """\
{user}worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections {connections}; }}
"""

PROXY = """\
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/proxied;
    upstream back {{ server 127.0.0.1:{upstream_port}; keepalive 1024; keepalive_requests 1000000000; }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://back;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_request_buffering off;
            proxy_max_temp_file_size 0;
            client_max_body_size 0;
        }}
    }}
}}
"""

# One port for each peer: with a single one, thousands of connections from all of them would use up the local ports.
# An upload is read whole before it is answered, because wrk stands still when an answer comes before it has sent all.
UPSTREAM = """\
http {{
    access_log off;
    default_type text/plain;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
    sendfile on;
    open_file_cache max=10 inactive=600s;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/proxied;
    upstream self {{ server 127.0.0.1:{first_port}; keepalive 64; }}
    server {{
        {listens}
        location / {{ return 200 "hello world, this is a small answer of the backend\\n"; }}
        location ~ /whoami$ {{ return 200 "$http_x_user_id\\n"; }}
        location /api/down {{ alias {folder}/body; }}
        location /api/up {{
            client_max_body_size 2m;
            client_body_buffer_size 1100k;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_pass http://self/;
        }}
    }}
}}
"""

BODY_BYTES = 1 << 20


@functools.cache
def program() -> str:
    return install.program("nginx", "nginx")


def head(folder: Path) -> str:
    # As root, the worker would otherwise become somebody who cannot enter our folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    return HEAD.format(user=user, folder=folder, connections=2 * machine.connections_max())


def configure(setting: Setting) -> Command:
    text = head(setting.folder) + PROXY.format(
        folder=setting.folder, port=setting.port, upstream_port=setting.upstream_port)
    return [program(), "-e", "error.log", "-p", str(setting.folder), "-c", str(setting.write("nginx.conf", text))], {}


def configure_upstream(folder: Path, ports: list[int]) -> list[str]:
    """The command of the upstream, which listens on all these ports."""
    (folder / "body").write_bytes(os.urandom(BODY_BYTES))
    listens = " ".join(f"listen 127.0.0.1:{port} backlog=4096;" for port in ports)
    path = folder / "nginx.conf"
    path.write_text(head(folder) + UPSTREAM.format(folder=folder, listens=listens, first_port=ports[0]))
    return [program(), "-e", "error.log", "-p", str(folder), "-c", str(path)]


def version() -> str:
    return install.version_line(program(), "-v").removeprefix("nginx version: ")


PLAIN = Peer("nginx", "nginx, plain proxy", False, program, configure, version)
