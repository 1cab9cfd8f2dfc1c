"""An OpenID Connect server on loopback that answers as ProConnect does, and can be made to answer wrongly.

The server is the package ``oidc-provider-mock``: authorisation, codes, tokens, sign-out are its own. ProConnect's ways
are put around it: what it says of the person is a signed JWT, and a :class:`Fault` spoils one thing at a time.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "portail", "un secret partagé"
PERSON = {
    "sub": "agent-1",
    "given_name": "Camille",
    "usual_name": "Exemple",
    "email": "camille@exemple.fr",
    "uid": "camille",
    "siret": "13002526500013",
    "idp_id": "idp-a",
}
_KEY, _OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
StartResponse = Callable[..., Any]


@dataclass
class ProConnectLike:
    """``claims`` of who signs in; ``id_token`` and ``info`` are changed before they are signed."""

    app: Any = None
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    id_token: dict[str, Any] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)
    key: Any = _KEY
    algorithm: str = "RS256"
    plain_info: bool = False
    replace: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)  # Path: status, content type, body.
    seen: list[tuple[str, str]] = field(default_factory=list)  # Method and path asked, in order.

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.seen.append((environ["REQUEST_METHOD"], path))
        if path in self.replace:
            status, kind, body = self.replace[path]
            headers = [("Content-Type", kind), ("Location", f"{self.issuer}/elsewhere")]
            start_response(f"{status} X", headers)
            return [body]
        kept: list[Any] = []
        body = b"".join(self.app(environ, lambda status, headers, *rest: kept.extend((status, headers))))
        status, headers = kept[0], [pair for pair in kept[1] if pair[0].lower() != "content-length"]
        if status.startswith("200"):
            if path == "/jwks":
                public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
                body = json.dumps({"keys": [public | {"kid": "k", "use": "sig", "alg": "RS256"}]}).encode()
            elif path == "/oauth2/token":
                answer = json.loads(body)
                own = jwt.decode(answer["id_token"], options={"verify_signature": False})
                body = json.dumps(answer | {"id_token": self.sign(own | self.id_token)}).encode()
            elif path == "/userinfo" and not self.plain_info:
                now = int(time.time())
                own = (
                    json.loads(body) | self.claims | {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60}
                )
                body = self.sign(own | self.info).encode()
                headers = [("Content-Type", "application/jwt")]
        start_response(status, headers)
        return [body]

    def sign(self, claims: dict[str, Any]) -> str:
        claims = {name: value for name, value in claims.items() if value is not None}
        key = {"HS256": "x" * 64, "none": None}.get(self.algorithm, self.key)
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": "k"})

    def consent(self, address: str) -> str:
        """Sign in there as :attr:`claims` say, as a browser would. Returns the address of the portal it leads to."""
        claims = {name: value for name, value in self.claims.items() if name != "sub"}
        requests.put(f"{self.issuer}/users/{self.claims['sub']}", json=claims, timeout=5).raise_for_status()
        answer = requests.post(address, data={"sub": self.claims["sub"]}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])

    def sign_out(self, address: str) -> str:
        """Confirm there that one signs out. Returns the address of the portal it leads to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        target = f"{query['post_logout_redirect_uri']}?{urlencode({'state': query['state']})}"
        confirm = f"{self.issuer}/oauth2/end_session/confirm"
        answer = requests.post(confirm, data={"redirect_uri": target}, allow_redirects=False, timeout=5)
        return str(answer.headers["Location"])


@contextmanager
def running() -> Iterator[ProConnectLike]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock
        from oidc_provider_mock._server import _threaded_server

    like = ProConnectLike(app=oidc_provider_mock.app().wsgi_app)
    with _threaded_server(like, host="127.0.0.1") as server:
        like.issuer = f"http://127.0.0.1:{server.server_port}"
        yield like
