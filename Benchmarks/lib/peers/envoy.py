"""Envoy with its JWT filter and token cache, its role rules, and claims as header fields. Its configuration is JSON."""

import json

from .. import install, machine, tokens
from .peer import Command, Peer, Setting

TYPES = "type.googleapis.com/envoy.extensions"
#: As many as Gatehouse keeps. Envoy's own default is 100.
CACHED_TOKENS = 8192
CLOSED = ("/api", "/admin")
CLAIM_FIELDS = {
    "sub": "x-user-id", "sid": "x-session-id", "email": "x-user-email", "email_verified": "x-user-email-verified",
    "roles": "x-user-roles"}
#: What no client may send; the fields of claims the JWT filter itself removes, but only where it runs.
FOREIGN_FIELDS = (
    *CLAIM_FIELDS.values(), "x-user-role", "x-user-name", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
    "forwarded", "x-real-ip", "x-original-url", "x-rewrite-url", "x-http-method-override", "proxy")


def extension(name: str, kind: str, **members) -> dict:
    return {"name": name, "typed_config": {"@type": f"{TYPES}.{kind}", **members}}


def strip() -> dict:
    mutations = [{"remove": name} for name in FOREIGN_FIELDS]
    return extension(
        "envoy.filters.http.header_mutation", "filters.http.header_mutation.v3.HeaderMutation",
        mutations={"request_mutations": mutations})


def authenticate(key: dict) -> dict:
    provider = {
        "issuer": tokens.ISSUER,
        "audiences": [tokens.AUDIENCE],
        "require_expiration": True,
        "forward": True,
        "local_jwks": {"inline_string": json.dumps({"keys": [key]})},
        "payload_in_metadata": "claims",
        "jwt_cache_config": {"jwt_cache_size": CACHED_TOKENS},
        "claim_to_headers": [{"header_name": field, "claim_name": claim} for claim, field in CLAIM_FIELDS.items()],
    }
    rules = [
        {"match": {"path_separated_prefix": prefix}, "requires": {"provider_name": "bench"}} for prefix in CLOSED]
    return extension(
        "envoy.filters.http.jwt_authn", "filters.http.jwt_authn.v3.JwtAuthentication", providers={"bench": provider},
        rules=rules)


def authorize() -> dict:
    """/admin is for the role admin; everything else for everybody whom the JWT filter has let through."""
    admin = {"url_path": {"path": {"prefix": "/admin"}}}
    is_admin = {"metadata": {
        "filter": "envoy.filters.http.jwt_authn", "path": [{"key": "claims"}, {"key": "roles"}],
        "value": {"list_match": {"one_of": {"string_match": {"exact": "admin"}}}}}}
    policies = {
        "admins": {"permissions": [admin], "principals": [is_admin]},
        "others": {"permissions": [{"not_rule": admin}], "principals": [{"any": True}]},
    }
    return extension(
        "envoy.filters.http.rbac", "filters.http.rbac.v3.RBAC", rules={"action": "ALLOW", "policies": policies})


def cluster(port: int) -> dict:
    lifted = {key: 2 * machine.connections_max() for key in (
        "max_connections", "max_pending_requests", "max_requests", "max_retries")}
    return {
        "name": "web", "type": "STATIC", "connect_timeout": "5s",
        "circuit_breakers": {"thresholds": [lifted]},
        "load_assignment": {"cluster_name": "web", "endpoints": [{"lb_endpoints": [endpoint(port)]}]}}


def endpoint(port: int) -> dict:
    return {"endpoint": {"address": address(port)}}


def address(port: int) -> dict:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def configuration(setting: Setting) -> dict:
    filters = [
        strip(), authenticate(setting.keys.json_web_key(setting.algorithm)), authorize(),
        extension("envoy.filters.http.router", "filters.http.router.v3.Router")]
    routes = [{"match": {"prefix": "/"}, "route": {"cluster": "web", "timeout": "0s"}}]
    manager = extension(
        "envoy.filters.network.http_connection_manager",
        "filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="bench", codec_type="HTTP1", use_remote_address=True, normalize_path=True,
        generate_request_id=True, via="1.1 envoy", http_filters=filters,
        route_config={"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]})
    listener = {"name": "front", "address": address(setting.port), "filter_chains": [{"filters": [manager]}]}
    return {"static_resources": {"listeners": [listener], "clusters": [cluster(setting.upstream_port)]}}


def configure(setting: Setting) -> Command:
    path = setting.write("envoy.json", json.dumps(configuration(setting), indent=1))
    return [
        install.envoy_binary(), "-c", str(path), "--concurrency", "1", "--disable-hot-restart", "--log-level",
        "warning"], {}


def version() -> str:
    # "…/envoy  version: revision/1.40.0/Clean/RELEASE/BoringSSL"
    return "Envoy " + install.version_line(install.envoy_binary(), "--version").split("/")[-4]


PEER = Peer("envoy", "Envoy, jwt_authn", True, install.envoy_binary, configure, version)
