"""Work of accounts after the request. A task may run twice."""

from __future__ import annotations

from django_tasks import task


@task()
def send_sign_in_link(address: str, target: str) -> None:
    """Write to ``address`` if it is somebody's. Every request makes one of these, so that all take the same time."""
    from .services import write_sign_in_link

    write_sign_in_link(address=address, target=target)


@task()
def send_invitations() -> None:
    """Send the invitations whose mail was asked for: one that fails is left to the next time."""
    from .invitations.services import send_due_invitations

    send_due_invitations()
