"""Events made of others: duplicated to new dates, or begun from a model that the space keeps."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.text import slugify
from wagtail.log_actions import log
from wagtail.models import Page

from portal.accounts.models import User
from portal.core.page_forms import free_slug

from ..models import AgendaPage, EventDate, EventPage, EventTemplate
from .errors import EditingError

MOST_TEMPLATES = 50
#: What another edition of an event does not have from the first.
_PAST = ("status", "status_reason", "replaced_by", "replay_url", "slides", "minutes", "figures")
_LEFT = {"pk", "page_ptr", "dates", "rules", "registration_opens_at", *_PAST}


@transaction.atomic
def duplicate(*, page: EventPage, actor: User, title: str, dates: list[EventDate]) -> EventPage:
    """A draft like ``page`` (its draft, if it has one) beside it, at other dates; returned.

    Registrations, status, replay and documents stay with the first. Raises ``PermissionDenied`` for who may not add an
    event there, :class:`EditingError` where the copy would not be right.
    """
    parent = page.get_parent()
    data = template_data(page)
    return _begin(parent=parent, actor=actor, data=data | {"title": title}, dates=dates)


@transaction.atomic
def keep_template(*, page: EventPage, actor: User, name: str) -> EventTemplate:
    """Keep the fields of ``page`` in its space under ``name``. Side effect: a log row. Raises :class:`EditingError`
    where the name is taken, or the space has too many.
    """
    if not page.permissions_for_user(actor).can_publish():
        raise PermissionDenied
    space = page.fact.space if hasattr(page, "fact") else None
    if space is None:
        raise EditingError("Cet événement n’est dans aucun espace.")
    have = EventTemplate.objects.filter(space=space)
    if have.filter(name__iexact=name).exists():
        raise EditingError(f"L’espace a déjà un modèle « {name} ».", "name")
    if have.count() >= MOST_TEMPLATES:
        raise EditingError(f"Un espace garde {MOST_TEMPLATES} modèles au plus : supprimez-en d’abord.", "name")
    made = EventTemplate.objects.create(space=space, name=name, data=template_data(page), made_by=actor)
    log(instance=page, action="events.template", user=actor, data={"template": name})
    return made


@transaction.atomic
def begin_from(*, template: EventTemplate, actor: User) -> EventPage:
    """A draft without dates in the agenda of the template's space. Raises as :func:`duplicate`."""
    agenda = AgendaPage.objects.child_of(Page.objects.get(pk=template.space.page_id)).order_by("path").first()
    if agenda is None:
        raise EditingError("Cet espace n’a pas d’agenda.")
    return _begin(parent=agenda, actor=actor, data=template.data, dates=[])


def template_data(page: EventPage) -> dict[str, Any]:
    """The fields of ``page``'s latest version that another event may begin with: no date, no past, nothing of the page
    as a page but its title.
    """
    data: dict[str, Any] = page.get_latest_revision_as_object().serializable_data()
    left = _LEFT | {field.name for field in Page._meta.get_fields()}
    kept = {name: value for name, value in data.items() if name not in left}
    for question in kept.get("questions", []):
        question |= {"pk": None, "key": str(uuid.uuid4())}
    return kept | {"title": data["title"]}


def _begin(*, parent: Page, actor: User, data: dict[str, Any], dates: list[EventDate]) -> EventPage:
    if not parent.permissions_for_user(actor).can_add_subpage():
        raise PermissionDenied
    data = {name: value for name, value in data.items() if name not in ("pk", "questions")} | {
        "pk": None,
        "questions": [
            each | {"pk": None, "page": None, "key": str(uuid.uuid4())} for each in data.get("questions", [])
        ],
    }
    page: EventPage = EventPage.from_serializable_data(_without_the_missing(data), check_fks=False)
    page.slug = free_slug(slugify(page.title)[:250] or "evenement", parent, page)
    page.live, page.has_unpublished_changes, page.owner, page.draft_title = False, True, actor, page.title
    page.dates = dates
    try:
        parent.add_child(instance=page)
        page.save_revision(user=actor, log_action=True)
    except ValidationError as error:
        raise EditingError(" ".join(error.messages)) from error
    log(instance=page, action="wagtail.create", user=actor)
    return page


def _without_the_missing(data: dict[str, Any]) -> dict[str, Any]:
    """``data`` without what was deleted since it was kept: a place, a theme, an image…"""
    found = dict(data)
    for field in EventPage._meta.get_fields():
        value = found.get(field.name)
        if not value or not isinstance(field, models.ForeignKey | models.ManyToManyField):
            continue
        known: Any = field.related_model
        if isinstance(field, models.ManyToManyField):
            found[field.name] = list(
                known._default_manager.filter(pk__in=value).order_by("pk").values_list("pk", flat=True)
            )
            continue
        try:
            known._default_manager.get(pk=value)
        except ObjectDoesNotExist:
            found[field.name] = None
    return found
