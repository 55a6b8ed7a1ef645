"""How schemathesis signs in: every call gets a session of its own, because calls end sessions.

GATEHOUSE_BASE is the address of `/api/auth`. The person is the one of the document's examples, and is registered here.
"""

import json
import os
import urllib.request

import schemathesis

BASE = os.environ["GATEHOUSE_BASE"]
PERSON = {"email": "ada@example.org", "password": "plum-harbor-82-violin"}


def call(path, body):
    """POSTs JSON; the access token and the refresh token of the answer."""
    request = urllib.request.Request(BASE + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        cookie = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
        return json.load(answer)["accessToken"], cookie


call("/register", PERSON)


@schemathesis.auth(refresh_interval=None)
class Session:
    """A session that nobody else uses: its access token, or for a refresh its cookie."""

    def get(self, case, context):
        return call("/login", PERSON)

    def set(self, case, data, context):
        access, refresh = data
        if case.operation.path == "/refresh":
            case.cookies = {**(case.cookies or {}), "refresh_token": refresh}
        else:
            case.headers = case.headers or {}
            case.headers["Authorization"] = f"Bearer {access}"
