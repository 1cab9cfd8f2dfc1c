"""gunicorn reads this file from the folder it is started in.

The application is loaded once, then workers are forked: a worker owns 40 MB and shares the rest, where each would hold
120 MB. In exchange, a new version needs a restart (``HUP`` reloads nothing).
"""

import gc
from typing import Any

preload_app = True


def when_ready(server: Any) -> None:
    """Before the first fork: load what the first request would, and leave it out of collections, which copy pages."""
    import logging

    from django.urls import get_resolver

    from portal.core.logs import MaskAddresses

    for name in ("gunicorn.error", "gunicorn.access"):
        for handler in logging.getLogger(name).handlers:
            handler.addFilter(MaskAddresses())
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
