"""ProConnect, the State's sign-in for professionals, as an OpenID Connect provider (docs/sign-in.md).

Configured by ``PROCONNECT_ISSUER``, ``PROCONNECT_CLIENT_ID`` and ``PROCONNECT_CLIENT_SECRET`` only; without them its
button and its addresses are absent. Source: https://partenaires.proconnect.gouv.fr/docs (fournisseur de service).
"""
