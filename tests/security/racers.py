"""What the processes of a race do: ``python -m tests.security.racers folder number name argument``.

A racer gets ready, waits for the file ``go`` with the others, runs, and writes what it found as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

from tests.dossiers.exchange import racers as exchange_racers
from tests.dossiers.races import racers as dossiers_racers
from tests.dossiers.territory import racers as perimeter_racers
from tests.events import racers as events_racers
from tests.newsletters import racers as letters_racers

DEADLINE = 60  # seconds


def main(folder: Path, number: str, name: str, argument: Any) -> None:
    django.setup()
    from django.db import connection
    from django.urls import get_resolver

    # Everything is imported and connected before the start.
    get_resolver().url_patterns  # noqa: B018
    connection.ensure_connection()
    (folder / f"ready-{number}").touch()
    end = time.monotonic() + DEADLINE
    while not (folder / "go").exists() and time.monotonic() < end:
        time.sleep(0.001)
    try:
        found = RACERS[name](argument)
    except Exception as error:
        import traceback

        traceback.print_exc()
        found = f"error {type(error).__name__}: {error}"
    (folder / f"part-{number}").write_text(json.dumps(found))
    (folder / f"part-{number}").rename(folder / f"result-{number}")


def _territory(key: str) -> Any:
    from portal.territories.models import Territory

    level, code = key.split("-")
    return Territory.objects.get(level=level, code=code)


def open_space(key: str) -> int:
    from pages.services import open_territory_space

    return open_territory_space(territory=_territory(key)).pk


def close_space(key: str) -> int:
    from pages.services import close_territory_space
    from portal.territories.models import Space

    space = Space.objects.get(territory=_territory(key))
    close_territory_space(space=space)
    return space.pk


def a_review(key: str) -> dict[str, Any]:
    """A page under review in the space of ``key``, with two people who may decide."""
    from pages.models import ReviewItem
    from portal.accounts.services import grant_membership
    from portal.territories.models import Space
    from tests.factories import make_news, make_user

    space = Space.objects.get(territory=_territory(key))
    people = [make_user(email=f"relecture{number}@exemple.fr") for number in range(3)]
    for person in people:
        grant_membership(actor=None, user=person, role="editor", territory=space.territory)
    page = make_news(space, live=False, owner=people[0])
    page.save_revision(user=people[0])
    page.get_workflow().start(page, people[0])
    item = ReviewItem.objects.get(page=page.pk)
    return {"item": str(item.pk), "version": item.version, "people": [person.pk for person in people]}


def decide(asked: dict[str, Any]) -> str:
    """What one moderator is told."""
    from pages.models import ReviewItem
    from pages.moderation import services
    from pages.moderation.errors import ReviewError
    from portal.accounts.models import User

    common = {
        "item": ReviewItem.objects.get(pk=asked["item"]),
        "actor": User.objects.get(pk=asked["who"]),
        "version": asked["version"],
    }
    try:
        if asked["decision"] == "approve":
            services.approve(**common)
        else:
            services.refuse(**common, reason="Hors sujet")
    except ReviewError as error:
        return str(error)
    return "done"


def state_of_review(key: str) -> dict[str, Any]:
    from wagtail.models import PageLogEntry

    from pages.models import ReviewItem

    item = ReviewItem.objects.select_related("page").get(pk=key)
    ends = ("wagtail.workflow.approve", "pages.review_refused")
    assert item.page is not None
    return {
        "state": item.state,
        "live": item.page.live,
        "logged": PageLogEntry.objects.filter(page=item.page_id, action__in=ends).count(),
    }


def state_of_spaces(_: Any) -> dict[str, Any]:
    """What there is, and what is wrong with the trees, the facts and the groups."""
    from wagtail.models import Collection, Page

    from portal.core.facts import wrong_facts
    from portal.territories.models import Space

    def faults(model: Any) -> list[str]:
        return [f"{kind} {each}" for kind, each in zip("abcde", model.find_problems(), strict=True) if each]

    spaces = Space.objects.order_by("pk").select_related("territory", "page")
    return {
        "open": [each.territory.key for each in spaces if each.is_open],
        "addresses": [each.page.url_path for each in spaces],
        "sections": [each.page.get_children().count() for each in spaces],
        "pages": faults(Page),
        "collections": faults(Collection),
        "facts": [str(each) for each in wrong_facts()],
    }


def post(asked: dict[str, Any]) -> int:
    """The status of a form sent by a visitor."""
    from django.test import Client

    return Client().post(asked["path"], asked["body"]).status_code


def state_of_subscriptions(_: Any) -> dict[str, Any]:
    from newsletters.models import ConsentEvent, Subscriber, Subscription, SubscriptionRequest

    return {
        "subscribers": Subscriber.objects.count(),
        "subscriptions": list(Subscription.objects.values_list("state", flat=True)),
        "requests": SubscriptionRequest.objects.count(),
        "events": sorted(ConsentEvent.objects.values_list("action", flat=True)),
    }


def confirmation_link(_: Any) -> str:
    from newsletters.models import SubscriptionRequest
    from newsletters.tokens import confirmation_token

    return f"/lettres/confirmer/{confirmation_token(SubscriptionRequest.objects.latest('created_at'))}/"


def a_list(_: Any) -> str:
    from newsletters.models import MailingList

    return MailingList.objects.subscribable().order_by("pk")[0].slug


def count_users(_: Any) -> int:
    from portal.accounts.models import User

    return User.objects.count()


def tick(folder: str) -> str:
    """A ``tick`` whose schedule has one job more, which notes that it ran."""
    from django.core.management import call_command

    from portal.jobs.schedule import register_job

    def note() -> None:
        with (Path(folder) / "ticks").open("a") as file:
            file.write("x\n")
        time.sleep(0.5)

    register_job("note", every=timedelta(minutes=5), run=note)
    call_command("tick")
    return "done"


def enqueue_lines(asked: dict[str, Any]) -> int:
    from tests.jobs.sample_tasks import add_line

    for number in range(asked["count"]):
        add_line.enqueue(asked["folder"], number)
    return asked["count"]


def work(worker_id: str) -> str:
    """A worker that stops once the queue is empty."""
    from django.core.management import call_command

    call_command("worker", worker_id=worker_id, batch=True, startup_delay=False, interval=0)
    return "done"


def publish(asked: list[Any]) -> int:
    """``[prefix, count]``: publishes new pages, each as an editor does, and changes each once more."""
    from pages.models import NewsPage
    from portal.territories.models import Space
    from tests.factories import make_news

    space = Space.objects.order_by("-pk")[0]
    prefix, count = asked
    for number in range(count):
        page = make_news(space, live=False, slug=f"{prefix}-{number}")
        page.save_revision().publish()
        page = NewsPage.objects.get(pk=page.pk)
        page.lead = "Un autre chapô."
        page.save_revision().publish()
    return count


def state_of_publication(_: Any) -> dict[str, Any]:
    from django_tasks_db.models import DBTaskResult
    from wagtail.models import ReferenceIndex

    from pages.models import NewsPage
    from portal.core.facts import wrong_facts

    return {
        "live": NewsPage.objects.filter(live=True, fact__visible=True, lead="Un autre chapô.").count(),
        "facts": len(list(wrong_facts())),
        "unfinished": DBTaskResult.objects.exclude(status="SUCCESSFUL").count(),
        "tasks": DBTaskResult.objects.count(),
        "references": ReferenceIndex.objects.count(),
    }


def two_administrators(_: Any) -> list[int]:
    """Two memberships of the national administration, of two people."""
    from portal.accounts.enums import Role
    from portal.accounts.models import Membership
    from portal.territories.models import Territory
    from tests.factories import make_member

    for _ in range(2):
        make_member(Role.ADMIN_NATIONAL, Territory.objects.nation())
    return list(Membership.objects.filter(role=Role.ADMIN_NATIONAL).order_by("pk").values_list("pk", flat=True))


def revoke(pk: int) -> str:
    from portal.accounts.models import Membership
    from portal.accounts.services import revoke_membership

    revoke_membership(actor=None, membership=Membership.objects.get(pk=pk))
    return "done"


def count_administrators(_: Any) -> int:
    from portal.accounts.enums import Role
    from portal.accounts.models import Membership

    return Membership.objects.valid().filter(role=Role.ADMIN_NATIONAL).count()


def old_files(count: int) -> list[str]:
    """Files that nothing has used for long, all of one person's."""
    from django.utils import timezone

    from tests.factories import make_user
    from tests.files.samples import make_file

    sender, long_ago = make_user(), timezone.now() - timedelta(days=30)
    return [str(make_file(sender, touched_at=long_ago).pk) for _ in range(count)]


def delete_unused_files(_: Any) -> int:
    from portal.files.models import StoredFile
    from portal.files.references import register_reference
    from portal.files.retention import delete_unused_files

    register_reference("essai", lambda: StoredFile.objects.none().values("pk"))
    return delete_unused_files()


def keep_files(identifiers: list[str]) -> list[str]:
    """What a form that came back is told is kept."""
    from django.db import transaction

    from portal.accounts.models import User
    from portal.files.services import FileRefused, keep_file

    actor = User.objects.order_by("-pk")[0]  # Their sender, made last.
    kept = []
    for identifier in identifiers:
        try:
            with transaction.atomic():
                kept.append(str(keep_file(actor=actor, file_id=identifier, purpose="essai").pk))
        except FileRefused:
            continue
    return kept


def files_that_open(_: Any) -> list[str]:
    from portal.files.models import StoredFile

    found = []
    for stored in StoredFile.objects.order_by("pk"):
        with stored.open() as content:
            assert content.read(4) == b"%PDF"
        found.append(str(stored.pk))
    return found


RACERS = {
    name: value
    for name, value in [
        *globals().items(),
        *vars(events_racers).items(),
        *vars(dossiers_racers).items(),
        *vars(exchange_racers).items(),
        *vars(letters_racers).items(),
        *vars(perimeter_racers).items(),
    ]
    if callable(value) and name not in ("main", "Path")
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))
