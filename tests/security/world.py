"""Something of every kind in the database, and the arguments that lead each address of the portal to it.

An address whose parameters are not known here fails the walks: whoever adds one says where it leads.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.http import int_to_base36
from wagtail.admin.models import EditingSession
from wagtail.contrib.forms.models import FormSubmission
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    Revision,
    Site,
    Task,
    TaskState,
    UploadedFile,
    Workflow,
    WorkflowState,
)

from dossiers.models import Dossier, DossierType
from events.editing.making import template_data
from events.feeds import tokens
from events.models import EventTemplate, ImportRun, ImportSource
from events.registration.tokens import make_token
from newsletters.letters import images as letter_images
from newsletters.models import (
    AddressChange,
    Campaign,
    ConsentEvent,
    Delivery,
    Digest,
    LetterSettings,
    MailingList,
    Segment,
    Subscriber,
    SubscriberImport,
    Subscription,
    Suppression,
)
from newsletters.people.tokens import change_token, fresh_token, stay_token
from newsletters.sending import tokens as copy_tokens
from newsletters.services import ensure_default_list, subscribe, suppress
from newsletters.tokens import confirmation_token, unsubscription_token
from pages.contribution.services import start_draft
from pages.models import FormPage, PageReport, ReviewItem
from pages.models.forms import FormField
from portal.accounts.data.services import request_erasure
from portal.accounts.data.tokens import cancel_token
from portal.accounts.enums import Role
from portal.accounts.invitations.services import invite
from portal.accounts.invitations.tokens import invitation_token
from portal.accounts.models import Membership, Organisation, User
from portal.core.enums import ThemeFamily
from portal.core.models import Audience, SiteIdentity, Theme
from portal.files.access import register_reader
from portal.files.models import StoredFile
from portal.notifications.models import Notice
from portal.notifications.tokens import mute_token
from portal.territories.models import Space, Territory, TerritoryImport
from tests.events.factories import make_event, make_registration
from tests.factories import add_page, make_initiative, make_member, make_news, make_user, section
from tests.files.samples import make_file
from tests.newsletters.campaigns.factories import make_campaign, make_copy
from tests.resources.factories import make_document, make_resource
from tests.surfaces import Address, addresses

from .dossiers import plant_decision, plant_dossiers, plant_requests
from .passkeys import make_passkey
from .pieces import plant_pieces

#: Kinds of questions of Wagtail's forms.
QUESTIONS = ("singleline", "email", "url", "number", "multiline", "checkbox", "checkboxes", "dropdown", "radio",
             "date", "datetime", "multiselect", "hidden")  # fmt: skip


def public_values(space: Space) -> dict[str, Any]:
    """Values for the parameters of the public addresses (see :meth:`tests.surfaces.Address.fill`)."""
    return {
        "": [1],
        "kind": ["news", "x"],
        "number": [1],
        "key": ["departement-40", "x", "departement-%00"],
        "token": ["x"],
        "notice": [uuid.UUID(int=1)],
        "uidb36": ["1"],
        "uid": [uuid.UUID(int=1)],
        "code": ["x"],
        "name": ["x.webp"],
        "path": [Page.objects.get(pk=space.page_id).url_path.split("/", 2)[2]],
        "restriction_id": [1],
        "page_view_restriction_id": [1],
        "page_id": [space.page_id],
        "file_id": ["00000000-0000-0000-0000-000000000000"],
        "proposal_id": [uuid.UUID(int=1)],
        "slug": ["actualite", "x"],
        "link": ["1", "x"],
        "letter_id": [1],
        "provider": ["brevo"],
        **{
            name: [uuid.UUID(int=1)]
            for name in ("dossier_id", "message_id", "opinion_id", "item_id", "batch_id", "token_id", "webhook_id")
        },
        **{name: [1] for name in ("label_id", "view_id", "absence_id")},
    }


def calendar_secret(user: User) -> str:
    """The secret of a personal calendar that was read today already: reading it again writes nothing."""
    token = tokens.renew(actor=user)
    tokens.note_use(token)
    return tokens.secret_of(token)


def make_form_page(space: Space, **fields: Any) -> FormPage:
    """A form that asks every kind of question."""
    form = FormPage(**({"title": "Questionnaire", "slug": "questionnaire"} | fields))
    form.form_fields = [
        FormField(label=kind, field_type=kind, required=False, choices="a,b", sort_order=order)
        for order, kind in enumerate(QUESTIONS)
    ]
    return add_page(Page.objects.get(pk=space.page_id).specific, form)


@dataclass
class World:
    """What :func:`build_world` made; :meth:`paths` fills an address with it."""

    values: dict[str, Any]
    #: (beginning of the route, values instead of the common ones), the last that fits wins.
    routes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    queries: dict[str, str] = field(default_factory=dict)
    #: What is posted to an address that breaks on an empty form (Wagtail's own editor is never sent one).
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Objects of this territory by model, for the addresses of wagtail-modeladmin and of snippets.
    objects: dict[Any, Any] = field(default_factory=dict)

    def paths(self, address: Address) -> list[str]:
        """The paths of ``address``. Raises ``LookupError`` for a parameter that nothing is known of."""
        known = dict(self.values)
        for start, values in self.routes:
            if address.route.startswith(start):
                known |= values
        if model := _model_of(address.route):
            first = self.objects.get(model) or model._default_manager.order_by("pk").first()
            if first is None:
                raise LookupError(f"{address.name} ({address.route}): the world has no {model._meta.label}")
            known |= {"instance_pk": [first.pk], "pk": [first.pk]}
        for part in address.parts:
            for name in re.findall(r"<(?:\w+:)?(\w+)>", part):
                if name not in known:
                    raise LookupError(f"{address.name} ({address.route}): say what « {name} » is in {__name__}")
        if "(" in address.route and "?P<" not in address.route and address.name not in self.queries:
            known.setdefault("", [""])
        query = self.queries.get(address.name, "")
        return [path + query for path in address.fill(_lists(known))]

    def walk(self) -> Iterator[tuple[Address, str]]:
        """Every address of the project with every path it is asked by."""
        for address in addresses():
            for path in self.paths(address):
                yield address, path


def _lists(values: dict[str, Any]) -> dict[str, Iterable[Any]]:
    return {name: value if isinstance(value, list) else [value] for name, value in values.items()}


def _model_of(route: str) -> Any:
    """The model of an address of wagtail-modeladmin or of snippets that names an object; None elsewhere."""
    found = re.match(r"admin/\^(\w+)/(\w+)/\w+/\(|admin/snippets/(?:choose/)?(\w+)/(\w+)/.*<\w+:pk>", route)
    if not found:
        return None
    label, name = (found[1], found[2]) if found[1] else (found[3], found[4])
    return apps.get_model(label, name)


def readable(user: User) -> Any:
    """A file is read by whoever sent it; superusers read all."""
    return StoredFile.objects.all() if user.is_superuser else StoredFile.objects.filter(uploaded_by=user.pk)


def build_world(space: Space) -> World:
    """One object of every kind that an address names, in ``space``; a second world shares what has no territory."""
    code = space.territory.code
    author = make_member(Role.EDITOR, space.territory, email=f"autrice{code}@exemple.fr")
    # As sign-up leaves it. Where it is missing allauth adds it, at the first look at a link of a forgotten password.
    EmailAddress.objects.create(user=author, email=author.email, verified=True, primary=True)
    image = Image.objects.create(title="Une image", file=get_test_image_file(), collection=space.collection)
    image.get_file_size()  # An upload notes it; where it is missing the first look does.
    rendition = image.get_rendition("fill-400x225")
    image.get_rendition(letter_images.FILTERS["wide"][0])
    live = make_news(space, title="Une page publiée", image=image, image_alt="Un dessin")
    live.save_revision(user=author, log_action=True)
    draft = make_news(space, title="Un brouillon", live=False)
    draft.save_revision(user=author, log_action=True)
    draft.get_workflow().start(draft, author)
    private = make_news(space, title="Une page privée")
    restriction = PageViewRestriction.objects.create(page=private, restriction_type="password", password="ouvre")
    make_initiative(space)
    event = make_event(space)
    source = ImportSource.objects.create(space=space, name="Un agenda d’ailleurs", owner=author)
    bookable = make_event(space, registration="internal", title="Atelier sur inscription").occurrences.get()
    registered = make_registration(bookable)
    form = make_form_page(space)
    FormSubmission.objects.create(page=form, form_data={"singleline": "Bonjour"})
    alias = live.create_alias(parent=section(space, "actualites"), update_slug="alias")
    # Scheduled: its latest revision is to be published later.
    scheduled = make_news(space, title="Une page programmée", live=False)
    scheduled.go_live_at = timezone.now() + timezone.timedelta(days=1)
    waiting = scheduled.save_revision(user=author)
    waiting.publish()
    document = make_document(collection=space.collection)
    resource = make_resource(space, documents=[document])
    spare = make_document(collection=space.collection)
    uploaded = UploadedFile.objects.create(
        for_content_type=ContentType.objects.get_for_model(Image), file=get_test_image_file(), uploaded_by_user=author
    )
    upload_document = UploadedFile.objects.create(
        for_content_type=ContentType.objects.get_for_model(Document),
        file=make_document().file,
        uploaded_by_user=author,
    )
    collection = Collection.objects.get(pk=space.collection_id).add_child(name="À part")
    kept = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="password", password="ouvre"
    )
    redirect, _ = Redirect.objects.get_or_create(old_path="/ancienne", redirect_link="/actualites/")
    session = EditingSession.objects.create(user=author, content_object=live, last_seen_at=timezone.now())
    idle, _ = Workflow.objects.get_or_create(name="Au repos", active=False)
    idle_task, _ = Task.objects.get_or_create(name="Étape au repos", active=False)
    Theme.objects.get_or_create(slug="un-theme", defaults={"name": "Un thème", "family": ThemeFamily.values[0]})
    Audience.objects.get_or_create(slug="un-public", defaults={"name": "Un public"})
    TerritoryImport.objects.get_or_create(vintage=2026, digest="x")
    organisation = Organisation.objects.create(name="Une association", kind="association", territory=space.territory)
    mailing = MailingList.objects.filter(territory=space.territory).first()
    assert mailing is not None
    letter_settings = LetterSettings.objects.create(territory=space.territory)
    asked = subscribe(address=f"abonnee{code}@exemple.fr", lists=[mailing])
    suppress(address="exclue@exemple.fr", reason="complaint")
    held = asked.subscriber.subscriptions.get()
    incoming = SubscriberImport.objects.create(
        list=mailing,
        owner=author,
        basis="event",
        evidence="Une feuille d’émargement",
        file=make_file(author, purpose="newsletters.import"),
        file_name="adresses.csv",
        kind="csv",
        encoding="utf-8",
        headers=["E-mail"],
        mapping={"address": 0},
    )
    digest = Digest.objects.create(
        territory=space.territory, list=mailing, name="Une récurrente", next_at=timezone.now()
    )
    segment = Segment.objects.create(territory=space.territory, name="Un segment")
    segment.lists.add(mailing)
    sending = make_campaign(space, links=1, lists=[mailing])
    copy = make_copy(sending, subscription=held)
    opened = (held.pk, copy.pk)
    followed = copy_tokens.make(copy_tokens.Purpose.CLICK, *opened)
    segment = Segment.objects.create(territory=space.territory, name="Un segment")
    segment.lists.add(mailing)
    moving = AddressChange.objects.create(subscriber=asked.subscriber, address=f"nouvelle{code}@exemple.fr")
    register_reader("monde", readable)
    stored = make_file(author, purpose="monde")
    report = PageReport.objects.create(page=live, space=space, title=live.title, reason="errors")
    invitation = invite(
        actor=author, email=f"invitee{code}@exemple.fr", role=Role.CONTRIBUTOR, territory=space.territory
    )
    passkey = make_passkey(author)
    # Made when first looked at; here it is there before.
    SiteIdentity.for_site(Site.objects.get())
    group, _ = Group.objects.get_or_create(name="Un groupe")
    state = TaskState.objects.filter(workflow_state__object_id=str(draft.pk)).get()
    pages = dict.fromkeys(("page_id", "parent_page_id", "page_to_move_id", "page_pk"), live.pk)
    values: dict[str, Any] = {
        **pages,
        "destination_id": section(space, "actualites").pk,
        "pk": live.pk,
        "collection_id": collection.pk,
        "revision_id": Revision.objects.filter(object_id=str(live.pk)).latest("pk").pk,
        "revision_id_a": "live",
        "revision_id_b": "latest",
        "task_state_id": state.pk,
        "task_id": Task.objects.filter(active=True).order_by("pk").values_list("pk", flat=True)[0],
        "workflow_state_id": WorkflowState.objects.get(object_id=str(draft.pk)).pk,
        "workflow_pk": space.workflow_id or Workflow.objects.filter(active=True).order_by("pk")[0].pk,
        "image_id": image.pk,
        "document_id": document.pk,
        "doc_id": document.pk,
        "uploaded_file_id": uploaded.pk,
        "redirect_id": redirect.pk,
        "session_id": session.pk,
        "object_id": live.pk,
        "file_id": stored.pk,
        "source_id": source.pk,
        "run_id": ImportRun.objects.create(source=source, state="done", started_at=timezone.now()).pk,
        "import_id": incoming.pk,
        "list_id": mailing.pk,
        "segment_id": segment.pk,
        "proposal_id": start_draft(actor=author, kind="news", data={"title": ["Une proposition"]}).pk,
        "slug": "actualite",
        "filter_spec": "fill-300x200",
        "app_label": "pages",
        "app_name": "core",
        "model_name": "newspage",
        "content_type_app_name": "pages",
        "content_type_model_name": "newspage",
        "action": ["publish", "unpublish", "delete", "move"],
        "action_name": ["approve", "reject", "copy", "publish"],
        "uidb64": "MQ",
        "uidb36": "1",
        "token": "x",
        "notice": Notice.objects.create(recipient=author, kind="x", event="x", subject="x", url="/agenda/").pk,
        "key": space.territory.key,
        "kind": "news",
        "number": 1,
        "name": rendition.file.name.removeprefix("images/"),
        "path": "agenda/",
        "restriction_id": kept.pk,
        "page_view_restriction_id": restriction.pk,
        "": [1],
    }
    values |= plant_dossiers(space.territory, organisation)
    parent = {"parent_page_id": section(space, "actualites").pk}
    of_draft = {"page_id": draft.pk}
    model = EventTemplate.objects.create(space=space, name="Atelier", data=template_data(event), made_by=author)
    event_path = "/".join(event.url_path.split("/")[2:])
    routes: list[tuple[str, dict[str, Any]]] = [
        ("admin/pages/add/", parent),
        ("admin/pages/<int:parent_page_id>/add_subpage/", parent),
        ("admin/pages/<int:page_id>/convert_alias/", {"page_id": alias.pk}),
        ("admin/pages/workflow/", of_draft),
        ("admin/pages/<int:page_id>/workflow_history/", of_draft),
        ("admin/pages/<int:page_id>/revisions/<int:revision_id>/unschedule/",
         {"page_id": scheduled.pk, "revision_id": waiting.pk}),
        ("admin/api/main/^documents/", {"pk": document.pk}),
        ("admin/api/main/^images/", {"pk": image.pk}),
        ("admin/documents/chooser/", {"pk": document.pk}),
        ("admin/images/chooser/", {"pk": image.pk}),
        ("admin/documents/multiple/<int:doc_id>/delete/", {"doc_id": spare.pk}),
        ("admin/documents/multiple/create_from_uploaded_document/", {"uploaded_file_id": upload_document.pk}),
        ("admin/documents/multiple/delete_upload/", {"uploaded_file_id": upload_document.pk}),
        ("admin/bulk/", {"app_label": "wagtailcore", "model_name": "page"}),
        ("admin/collections/<int:pk>/", {"pk": collection.pk}),
        ("admin/workflows/", {"pk": values["workflow_pk"]}),
        ("admin/workflows/enable/", {"pk": idle.pk}),
        ("admin/workflows/tasks/", {"pk": values["task_id"]}),
        ("admin/workflows/tasks/enable_task/", {"pk": idle_task.pk}),
        ("admin/workflows/tasks/enable/", {"pk": idle_task.pk}),
        ("admin/workflows/tasks/add/", {"app_label": "wagtailcore", "model_name": "groupapprovaltask"}),
        ("admin/workflows/remove/", {"page_pk": space.page_id}),
        ("admin/tag-autocomplete/", {"app_name": "taggit", "model_name": "tag"}),
        ("admin/settings/", {"app_name": "core", "model_name": "siteidentity", "pk": Site.objects.get().pk}),
        ("compte/double-authentification/", {"pk": passkey.pk}),
        ("admin/espaces/", {"pk": space.pk}),
        ("admin/types-de-dossiers/", {"pk": DossierType.objects.order_by("pk").values_list("pk", flat=True)[0]}),
        ("admin/forms/", {"page_id": form.pk}),
        ("admin/relecture/", {"pk": ReviewItem.objects.get(page=draft).pk}),
        ("admin/signalements/", {"pk": report.pk}),
        ("admin/territory_chooser/", {"pk": Territory.objects.nation().pk}),
        ("admin/sites/", {"pk": Site.objects.get().pk}),
        ("admin/users/", {"pk": author.pk}),
        ("admin/personnes/", {"pk": author.pk}),
        ("admin/groups/", {"pk": group.pk}),
        ("admin/editing-sessions/", {"app_label": "pages", "model_name": "newspage"}),
        ("documents/^", {"": [f"{document.pk}", document.filename]}),
        ("_util/authenticate", {"page_id": private.pk}),
        ("compte/mes-donnees/annuler/", {"token": cancel_token(request_erasure(actor=make_user()))}),
        ("compte/profil/", {"step": "annuaire"}),
        ("compte/bienvenue/", {"step": "reseau"}),
        ("compte/equipe/", {"invitation": invitation.pk}),
        ("compte/invitation/", {"token": invitation_token(invitation)}),
        ("compte/notifications/arreter/", {"token": mute_token(author, ["contribution"])}),
        ("calendriers/personnel/", {"token": calendar_secret(author)}),
        ("lettres/images/", {"token": letter_images.token(image.pk, "wide")}),
        ("admin/lettres/redaction/", {"letter_id": sending.letter_id, "mode": "wide"}),
        ("lettres/confirmer/", {"token": confirmation_token(asked)}),
        ("admin/segments/", {"pk": segment.pk}),
        ("admin/abonnements/", {"pk": held.pk}),
        ("admin/exclusions/", {"pk": Suppression.objects.order_by("pk").values_list("pk", flat=True)[0]}),
        ("lettres/preferences/", {"token": fresh_token(asked.subscriber)}),
        ("lettres/rester/", {"token": stay_token(asked.subscriber)}),
        ("lettres/adresse/", {"token": change_token(moving)}),
        ("lettres/desabonnement/", {"token": unsubscription_token(held)}),
        ("lettres/liste/", {"slug": ensure_default_list(territory=space.territory).slug}),
        ("lettres/quitter/", {"token": copy_tokens.make(copy_tokens.Purpose.UNSUBSCRIBE, held.pk, 0)}),
        ("admin/envois/", {"uid": sending.uuid, "letter_id": sending.letter_id, "pk": copy.pk}),
        ("courrier-prestataire/", {"provider": "brevo"}),
        ("l/", {"link": int_to_base36(sending.links.get().pk), "token": followed}),
        ("o/", {"token": copy_tokens.make(copy_tokens.Purpose.OPEN, *opened)}),
        ("inscriptions/", {"uid": bookable.uid, "token": make_token(registered)}),
        ("admin/evenements/", {"page_id": event.pk}),
        ("admin/evenements/modeles/", {"pk": model.pk}),
        ("admin/inscriptions/", {"uid": bookable.uid, "pk": registered.pk}),
        ("attestations/", {"code": "x-AAAAAAAAAA"}),
        ("dossiers/types/", {"code": Dossier.objects.get(pk=values["dossier_id"]).type.code}),
        *plant_pieces(space.territory, organisation),
        *plant_requests(space.territory, organisation),
        *plant_decision(space.territory, organisation),
        (r"^((?:[\w\-]+/)*)$", {"": "actualites/"}),
        (r"^(?P<path>(?:[\w-]+/)+)evenement", {"path": event_path}),
        (r"^(?P<path>(?:[\w-]+/)+)serie", {"path": event_path}),
        (r"^(?P<path>(?:[\w-]+/)+)dates/", {"path": event_path, "uid": event.occurrences.get().uid}),
    ]  # fmt: skip
    queries = {
        "event_dates_change": f"?action=annuler&date={event.occurrences.get().key}",
        "wagtail_bulk_action": f"?id={draft.pk}",
        "wagtailadmin_choose_page_chosen_multiple": f"?id={live.pk}",
        "wagtailadmin_api:pages:find": f"?id={live.pk}",
        "wagtailadmin_api:images:find": f"?id={image.pk}",
        "wagtailadmin_api:documents:find": f"?id={document.pk}",
        "wagtaildocs_chooser:chosen_multiple": f"?id={document.pk}",
        "wagtailimages_chooser:chosen_multiple": f"?id={image.pk}",
    }
    parts = ("body", "related_links", "comments")
    editor = {"title": "", "body-count": "0"} | {
        f"{each}-{end}_FORMS": "0" for each in parts for end in ("TOTAL", "INITIAL")
    }
    blocks = {"title": "", "form-count": "0", "reasons-count": "0"}
    bodies: dict[str, dict[str, Any]] = {
        **dict.fromkeys(
            ("wagtailadmin_pages:add", "wagtailadmin_pages:edit", "wagtailadmin_pages:revisions_revert"), editor
        ),
        # Wagtail's blocks break without their count, as its editor does.
        **dict.fromkeys(("dossiers_dossiertype_modeladmin_create", "dossiers_dossiertype_modeladmin_edit"), blocks),
        "wagtailadmin_pages:copy": {
            "new_title": "Une copie",
            "new_slug": "une-copie",
            "new_parent_page": live.get_parent().pk,
        },
        "wagtailadmin_choose_page_external_link": {"external-link-chooser-url": "https://exemple.fr/"},
    }
    objects: dict[Any, Any] = {
        Territory: space.territory,
        User: author,
        Membership: author.memberships.get(),
        Organisation: organisation,
        MailingList: mailing,
        SubscriberImport: incoming,
        LetterSettings: letter_settings,
        Segment: segment,
        Digest: digest,
        Subscriber: asked.subscriber,
        Subscription: held,
        Campaign: sending,
        Delivery: copy,
        ConsentEvent: ConsentEvent.objects.filter(list=mailing).order_by("-pk")[0],
    }
    assert resource.pk
    return World(values, routes, queries, bodies, objects)
