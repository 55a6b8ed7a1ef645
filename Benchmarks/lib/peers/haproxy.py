"""HAProxy: as a plain proxy, which is the measure of all others; the same with splicing; and with its own JWT check."""

import functools

from .. import install, machine, tokens
from .peer import Command, Peer, Setting

COMMON = """\
global
  nbthread 1
  maxconn {connections_max}
defaults
  mode http
  maxconn {connections_max}
  timeout connect 5s
  timeout client 60s
  timeout server 60s
{options}frontend front
  bind 127.0.0.1:{port}
{rules}  default_backend back
backend back
  http-reuse always
  server upstream 127.0.0.1:{upstream_port}
"""

# What `jwt_verify` leaves to its user is added: the algorithm, exp, iss and aud; then the role rule, the fields that no
# client may send, and those that a backend gets: what Gatehouse does for the same routes, but name and traceparent.
#
# The claims are decoded once; `jwt_payload_query` would do it for each of them.
RULES = """\
  acl closed path -m beg /api/ /admin/
  acl closed path /api /admin
  http-request del-header x-user- -m beg
  http-request del-header x_user_ -m beg
  http-request del-header x-session-id
  http-request del-header x-forwarded- -m beg
  http-request del-header forwarded
  http-request del-header x-real-ip
  http-request del-header x-original-url
  http-request del-header x-rewrite-url
  http-request del-header x-http-method-override
  http-request del-header proxy
  http-request set-var(txn.bearer) http_auth_bearer
  acl has_token var(txn.bearer) -m found
  http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg') if has_token
  http-request set-var(txn.claims) var(txn.bearer),word(2,.),ub64dec if has_token
  http-request set-var(txn.iss) var(txn.claims),json_query('$.iss') if has_token
  http-request set-var(txn.aud) var(txn.claims),json_query('$.aud') if has_token
  http-request set-var(txn.exp) var(txn.claims),json_query('$.exp','int') if has_token
  http-request set-var(txn.roles) {roles} if has_token
  http-request set-var(txn.now) date()
  acl good_alg var(txn.alg) -m str {algorithm}
  acl good_iss var(txn.iss) -m str {issuer}
  acl good_aud var(txn.aud) -m str {audience}
  acl good_exp var(txn.exp),sub(txn.now) -m int gt 0
  acl good_signature var(txn.bearer),jwt_verify("{algorithm}","{key}") -m int 1
  http-request return status 401 hdr WWW-Authenticate Bearer if closed !has_token
  http-request return status 401 hdr WWW-Authenticate Bearer if closed !good_alg
  http-request return status 401 hdr WWW-Authenticate Bearer if closed !good_iss
  http-request return status 401 hdr WWW-Authenticate Bearer if closed !good_aud
  http-request return status 401 hdr WWW-Authenticate Bearer if closed !good_exp
  http-request return status 401 hdr WWW-Authenticate Bearer if closed !good_signature
  acl for_admins path -m beg /admin/
  acl for_admins path /admin
  acl is_admin var(txn.roles) -m reg (^|,)admin(,|$)
  http-request return status 403 if for_admins !is_admin
  http-request set-header X-User-Id %[var(txn.claims),json_query('$.sub')] if closed
  http-request set-header X-Session-Id %[var(txn.claims),json_query('$.sid')] if closed
  http-request set-header X-User-Email %[var(txn.claims),json_query('$.email')] if closed
  http-request set-header X-User-Email-Verified %[var(txn.claims),json_query('$.email_verified')] if closed
  http-request set-header X-User-Roles %[var(txn.roles)] if closed
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Request-Id %[uuid()]
"""

# HAProxy 2.6 reads no arrays: what is between the brackets, without the quotes, is the list as backends get it.
ROLES = r'''"var(txn.claims),regsub('.*\"roles\":[[]([^]]*)[]].*','\\1'),regsub('\"','',g)"'''


@functools.cache
def program() -> str:
    return install.program("haproxy", "haproxy")


def configure(setting: Setting, rules: str = "", options: str = "", connections_max: int | None = None) -> Command:
    text = COMMON.format(
        port=setting.port, upstream_port=setting.upstream_port, rules=rules, options=options,
        connections_max=connections_max or machine.connections_max())
    return [program(), "-db", "-f", str(setting.write("haproxy.cfg", text))], {}


def configure_plain(setting: Setting) -> Command:
    return configure(setting)


def configure_splice(setting: Setting) -> Command:
    # Few connections: HAProxy wants descriptors for as many pipes, too.
    return configure(setting, options="  option splice-auto\n", connections_max=1000)


def configure_jwt(setting: Setting) -> Command:
    algorithm = setting.algorithm
    key = setting.keys.secret if algorithm == "HS256" else setting.keys.public_file(algorithm)
    rules = RULES.format(
        algorithm=algorithm, key=key, issuer=tokens.ISSUER, audience=tokens.AUDIENCE, roles=ROLES)
    return configure(setting, rules)


def version() -> str:
    return " ".join(install.version_line(program(), "-v").split()[:3])


PLAIN = Peer("haproxy", "HAProxy, plain proxy", False, program, configure_plain, version)
SPLICE = Peer("haproxy-splice", "HAProxy, plain, splice-auto", False, program, configure_splice, version)
JWT = Peer("haproxy-jwt", "HAProxy, jwt_verify", True, program, configure_jwt, version)
