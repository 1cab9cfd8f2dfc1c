"""A shared cache that does not answer."""


class Away:
    """A cache whose server does not answer."""

    def __getattr__(self, name):
        def fail(*args, **kwargs):
            raise ConnectionError("no route to host")

        return fail
