"""Keys, and access tokens with the claims that Gatehouse itself issues. The same go to everybody that verifies."""

import base64
import hashlib
import hmac
import json
import subprocess
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

ISSUER = "http://gatehouse.bench"
AUDIENCE = "bench"
LIFETIME_SECONDS = 12 * 3600
ALGORITHMS = ("HS256", "ES256", "RS256")


def base64url(data: bytes) -> str:
    """As RFC 7515 writes it: without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw_signature(der: bytes) -> bytes:
    """The two 32-byte numbers that a JWT wants, from the ASN.1 that OpenSSL makes of an ECDSA signature."""
    numbers, at = b"", 2
    for _ in range(2):
        length = der[at + 1]
        numbers += der[at + 2 : at + 2 + length].lstrip(b"\0").rjust(32, b"\0")
        at += 2 + length
    return numbers


@dataclass(frozen=True)
class Keys:
    """One key of each algorithm, in files that only their owner can read."""

    folder: Path

    @property
    def secret(self) -> str:
        return self.secret_file.read_text()

    @property
    def secret_file(self) -> Path:
        return self.folder / "hs256.secret"

    def private_file(self, algorithm: str) -> Path:
        return self.folder / f"{algorithm.lower()}.pem"

    def public_file(self, algorithm: str) -> Path:
        return self.folder / f"{algorithm.lower()}.public.pem"

    def json_web_key(self, algorithm: str) -> dict:
        """The key with which a token of that algorithm is verified (RFC 7517)."""
        if algorithm == "HS256":
            return {"kty": "oct", "alg": algorithm, "k": base64url(self.secret.encode())}
        public = self.public_file(algorithm)
        if algorithm == "ES256":
            der = _openssl("pkey", "-pubin", "-in", public, "-outform", "DER")
            return {
                "kty": "EC", "crv": "P-256", "alg": algorithm, "x": base64url(der[-64:-32]), "y": base64url(der[-32:])}
        modulus = _openssl("rsa", "-pubin", "-in", public, "-noout", "-modulus").decode().strip().split("=")[1]
        return {"kty": "RSA", "alg": algorithm, "n": base64url(bytes.fromhex(modulus)), "e": base64url(b"\1\0\1")}

    def sign(self, algorithm: str, message: bytes) -> bytes:
        """The signature as it stands in a token."""
        if algorithm == "HS256":
            return hmac.digest(self.secret.encode(), message, hashlib.sha256)
        signature = _openssl("dgst", "-sha256", "-sign", self.private_file(algorithm), input=message)
        return raw_signature(signature) if algorithm == "ES256" else signature


def make_keys(folder: Path) -> Keys:
    """Fresh keys in that folder."""
    keys = Keys(folder)
    keys.secret_file.write_text(base64.b64encode(hashlib.sha512(uuid.uuid4().bytes).digest()[:36]).decode())
    keys.secret_file.chmod(0o600)
    options = {
        "ES256": ("EC", "ec_paramgen_curve:P-256"),
        "RS256": ("RSA", "rsa_keygen_bits:2048"),
    }
    for algorithm, (kind, option) in options.items():
        private = keys.private_file(algorithm)
        _openssl("genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", private)
        private.chmod(0o600)
        _openssl("pkey", "-in", private, "-pubout", "-out", keys.public_file(algorithm))
    return keys


def mint(keys: Keys, algorithm: str, number: int = 0, **changed) -> str:
    """The token of one signed-in user with the role `user`, but for the claims that are given; another number is another
    user.

    It names no key, because each verifier here has one key of each algorithm.
    """
    now = int(time.time())
    header = {"alg": algorithm, "typ": "JWT"}
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": user_id(number), "sid": str(uuid.UUID(int=1 << 100 | number)),
        "jti": str(uuid.UUID(int=2 << 100 | number)), "iat": now, "exp": now + LIFETIME_SECONDS,
        "email": f"user{number}@example.com", "email_verified": True, "name": "Ann Example", "roles": ["user"]} | changed
    parts = [base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)]
    message = ".".join(parts)
    return f"{message}.{base64url(keys.sign(algorithm, message.encode()))}"


def user_id(number: int) -> str:
    """The `sub` of that user's token."""
    return str(uuid.UUID(int=3 << 100 | number))


def _openssl(*arguments, input: bytes | None = None) -> bytes:
    return subprocess.run(
        ["openssl", *map(str, arguments)], input=input, capture_output=True, check=True, timeout=60).stdout
