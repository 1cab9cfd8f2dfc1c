"""The admin walked from the URL resolver: an editor sees and changes nothing of another space, whatever the address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction, Revision, Site, Task, TaskState, Workflow, WorkflowState

from newsletters.models import MailingList, Subscriber, Subscription
from newsletters.services import subscribe
from pages.models import FormPage
from pages.services import open_territory_space
from portal.accounts.enums import Role
from portal.accounts.models import Membership, User
from portal.territories.models import Space, Territory
from tests.events.factories import make_event
from tests.factories import add_page, make_member, make_news, section
from tests.resources.factories import make_document, make_resource
from tests.surfaces import addresses

# Every screen of the admin, several times over: run by `make wide`.
pytestmark = [pytest.mark.django_db, pytest.mark.wide]
NEEDLES = ("zébulon", "zebulon", "z\\u00e9bulon", "secret-7f3a")
QUERIES = ("", "?q=ornithorynque")


def plant(space: Space, author: User) -> dict[str, list[Any]]:
    """Drafts and private things of ``space``; returns values for the parameters of addresses that lead to them."""
    draft = make_news(space, title="Ornithorynque zébulon", slug="zebulon", live=False)
    draft.save_revision(user=author, log_action=True)
    draft.get_workflow().start(draft, author)
    live = make_news(space, title="Une page publiée", slug="publiee")
    live.title, live.lead = "Une page publiée, ornithorynque zébulon", "Ornithorynque zébulon réécrit."
    live.save_revision(user=author, log_action=True)
    private = make_news(space, title="Ornithorynque zébulon privé", slug="zebulon-prive")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    event = make_event(space, title="Une visio", mode="en_ligne", join_url="https://v.exemple.fr/secret-7f3a")
    event.save_revision(user=author)
    resource = make_resource(space, title="Ornithorynque zébulon, ressource", live=False)
    form = add_page(
        section(space, "actualites").get_parent().specific, FormPage(title="Zébulon formulaire", slug="zeb")
    )
    form.live = False
    form.save()
    Page.objects.filter(pk=draft.pk).update(locked=True, locked_by=author)
    image = Image.objects.create(
        title="Ornithorynque zébulon", file=get_test_image_file("zebulon.png"), collection=space.collection
    )
    document = make_document(title="Ornithorynque zébulon", name="zebulon.pdf", collection=space.collection)
    private_list = MailingList.objects.create(
        name="Ornithorynque zébulon", slug="liste-privee", territory=space.territory, visibility="private"
    )
    subscribe(address="zebulon@exemple.fr", lists=[private_list])
    pages = [draft.pk, live.pk, private.pk, event.pk, resource.pk, form.pk, section(space, "actualites").pk]
    return {
        "pages": pages,
        "images": [image.pk],
        "documents": [document.pk],
        "revisions": list(Revision.objects.order_by("pk").values_list("pk", flat=True)),
        "states": list(TaskState.objects.order_by("pk").values_list("pk", flat=True)),
        "workflow_states": list(WorkflowState.objects.order_by("pk").values_list("pk", flat=True)),
        "lists": [private_list.pk],
        "subscribers": list(Subscriber.objects.order_by("pk").values_list("pk", flat=True)),
        "subscriptions": list(Subscription.objects.order_by("pk").values_list("pk", flat=True)),
    }


def values_for(route: str, planted: dict[str, list[Any]]) -> dict[str, Iterable[Any]]:
    """What to put in the parameters of ``route``, so that it leads to what is hidden."""
    pages = planted["pages"]
    kinds = ["newspage"]
    values: dict[str, Iterable[Any]] = {
        "": [1],
        **dict.fromkeys(("page_id", "parent_page_id", "page_to_move_id", "page_pk", "destination_id"), pages),
        "pk": pages,
        "instance_pk": [1],
        "revision_id": planted["revisions"],
        "revision_id_a": ["live", *planted["revisions"][:1]],
        "revision_id_b": ["latest"],
        "task_state_id": planted["states"],
        "task_id": list(Task.objects.order_by("pk").values_list("pk", flat=True)),
        "workflow_state_id": planted["workflow_states"],
        "workflow_pk": list(Workflow.objects.order_by("pk").values_list("pk", flat=True)[:1]),
        "collection_id": [Space.objects.order_by("-pk").first().collection_id],  # type: ignore[union-attr]
        "image_id": planted["images"],
        "document_id": planted["documents"],
        "doc_id": planted["documents"],
        "uploaded_file_id": [1],
        "redirect_id": [1],
        "session_id": [1],
        "object_id": pages[:1],
        "filter_spec": ["original"],
        "app_label": ["pages"],
        "app_name": ["core"],
        "model_name": kinds,
        "content_type_app_name": ["pages"],
        "content_type_model_name": kinds,
        "action": ["publish", "unpublish", "delete", "move"],
        "action_name": ["approve", "reject", "publish", "copy"],
        "uidb64": ["MQ"],
        "token": ["x"],
    }
    for part, key in (
        ("images", "images"),
        ("documents", "documents"),
        ("mailinglist", "lists"),
        ("subscriber/", "subscribers"),
        ("subscription/", "subscriptions"),
        ("consentevent", "subscriptions"),
        ("workflows", "states"),
    ):
        if part in route:
            values |= {"pk": planted[key], "instance_pk": planted[key]}
    if "bulk/" in route:
        values |= {"app_label": ["wagtailcore"], "model_name": ["page"]}
    if "settings/" in route:
        values |= {"model_name": ["siteidentity"], "pk": list(Site.objects.order_by("pk").values_list("pk", flat=True))}
    if "/users/" in route or "accounts/user" in route:
        people = list(User.objects.order_by("pk").values_list("pk", flat=True))
        values |= {"pk": people, "instance_pk": people}
    if "accounts/membership" in route:
        values |= {"instance_pk": list(Membership.objects.order_by("pk").values_list("pk", flat=True))}
    if "espaces" in route:
        values |= {"pk": list(Space.objects.order_by("pk").values_list("pk", flat=True))}
    return values


def admin_addresses(planted: dict[str, list[Any]]) -> list[str]:
    found: list[str] = []
    for each in addresses():
        if (
            each.route.startswith("admin/")
            and not each.name.endswith(("wagtailadmin_logout", "wagtailadmin_test404"))
            and "failwhale" not in each.route
        ):
            paths = list(each.fill(values_for(each.route, planted)))
            found += [
                f"{path}?id={','.join(map(str, planted['pages'][:1]))}" if "/bulk/" in path else path
                for path in paths[:7]
            ]
    found += [
        "/admin/api/main/pages/?fields=*&limit=20",
        "/admin/api/main/pages/?search=ornithorynque",
        "/admin/api/main/images/?limit=20",
        "/admin/api/main/documents/?limit=20",
    ]
    found += [f"/admin/choose-page/chosen-multiple/?id={pk}" for pk in planted["pages"]]
    found += [f"/admin/documents/chooser/chosen-multiple/?id={planted['documents'][0]}"]
    found += [f"/admin/images/chooser/chosen-multiple/?id={planted['images'][0]}"]
    found += [f"/admin/api/main/pages/?child_of={pk}" for pk in planted["pages"]]
    return list(dict.fromkeys(found))


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return body.decode("utf-8", "replace").lower() + str(response.headers).lower()


@pytest.fixture
def other_space(landes_space):
    return open_territory_space(territory=Territory.objects.get(level="departement", code="47"))


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SENDER])
def test_an_editor_sees_nothing_hidden_of_another_space(landes_space, landes, other_space, commit, role):
    author = make_member(
        Role.EDITOR, Territory.objects.get(level="departement", code="47"), email="zebulon2@exemple.fr"
    )
    with commit():
        planted = plant(other_space, author)
        make_news(landes_space, title="Une annonce à nous")
    client = Client(raise_request_exception=False)
    client.force_login(make_member(role, landes))
    found, broken, text = [], [], []
    for path in admin_addresses(planted):
        for query in QUERIES if "?" not in path else ("",):
            response = client.get(path + query)
            if response.status_code >= 500:
                broken.append(path + query)
                continue
            read = text_of(response)
            text.append(read)
            if any(needle in read.replace(path.lower(), "") for needle in NEEDLES):
                found.append(f"{path}{query} … {around(read, path)}")
    assert (found, broken) == ([], []), "\n".join([*found, "500:", *broken])
    if role == Role.EDITOR:
        assert "une annonce à nous" in "\n".join(text)


def around(read: str, path: str) -> str:
    text = read.replace(path.lower(), "")
    at = min(text.find(n) for n in NEEDLES if n in text)
    return " ".join(text[max(0, at - 90) : at + 60].split())
