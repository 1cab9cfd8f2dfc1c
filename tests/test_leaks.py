"""What must never be public, planted once and looked for on every public surface: all patterns of the resolver and all
pages of the tree, whoever adds one.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from dossiers.exchange.attachments import PURPOSE
from dossiers.exchange.messages import post_message
from dossiers.exchange.opinions import ask
from dossiers.models import ApiToken, ComplementItem, Dossier, DossierPage, Message, Opinion, Webhook
from events.models import Occurrence
from newsletters.models import MailingList
from newsletters.services import subscribe
from pages.contribution.services import add_file, propose_correction, submit_proposal
from pages.models import FieldComment, NewsPage, PageReport, Proposal, ReviewItem, StandardPage
from pages.models.related import RelatedPage
from pages.services import close_territory_space, open_territory_space
from portal.accounts.enums import Role
from portal.accounts.invitations.services import invite
from portal.accounts.profile.models import Profile
from portal.core.models import PageFact
from portal.files.models import StoredFile
from portal.notifications.models import Notice
from portal.territories.models import Territory
from tests.contribution.factories import make_draft
from tests.dossiers.factories import act, make_dossier, make_party
from tests.events.factories import a_date, day_in, make_event
from tests.factories import add_page, make_initiative, make_member, make_news, make_user
from tests.files.samples import make_file, upload
from tests.resources.factories import make_document, make_resource
from tests.surfaces import addresses, page_addresses

pytestmark = pytest.mark.django_db
# The first word is searched for, so it is said again by the forms; the second is found only where something leaks.
SECRET = "Ornithorynque zébulon"
NEEDLES = ("zébulon", "zebulon", "z\\u00e9bulon", "secret-7f3a", "abonne-cache")
QUERIES = ("", "?q=ornithorynque&portee=dedans&au_dessus=on&periode=tous&liste=liste-privee")


def plant(landes_space, editor) -> list[str]:
    """Everything hidden, by every way of hiding; returns the addresses of its documents."""
    hidden = [
        make_news(landes_space, title=f"{SECRET} brouillon", slug="zebulon-brouillon", live=False),
        make_initiative(landes_space, title=f"{SECRET} initiative", slug="zebulon-initiative", live=False),
        make_event(landes_space, a_date(day_in(3)), title=f"{SECRET} événement", live=False),
        make_resource(landes_space, title=f"{SECRET} ressource", live=False),
    ]
    for page in hidden:
        page.save_revision(user=editor)
    private = make_news(landes_space, title=f"{SECRET} privé", slug="zebulon-prive")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    password = make_event(landes_space, a_date(day_in(4)), title=f"{SECRET} sous mot de passe")
    PageViewRestriction.objects.create(page=password, restriction_type="password", password="ouvre")
    gone = make_news(landes_space, title=f"{SECRET} retiré", slug="zebulon-retire")
    gone.unpublish()
    expired = make_resource(landes_space, title=f"{SECRET} périmé")
    Page.objects.filter(pk=expired.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled")
    later = make_news(landes_space, title=f"{SECRET} programmé", slug="zebulon-programme", live=False)
    later.go_live_at = timezone.now() + timedelta(days=1)
    later.save_revision().publish()
    edited = make_news(landes_space, title="Un titre public", slug="edite", lead="Un chapô public.")
    edited.title, edited.lead = f"{SECRET} en cours d'écriture", f"Un {SECRET}."
    edited.save_revision(user=editor)
    join = make_event(
        landes_space, a_date(day_in(5)), title="Une visio", mode="en_ligne", join_url="https://v.exemple.fr/secret-7f3a"
    )
    # Shown by pages that readers see: related, put forward, and in a body.
    chosen = [page.pk for page in (*hidden, private, gone, later)]
    shower = StandardPage(title="Une page qui met en avant", slug="met-en-avant")
    shower.body = [("highlighted_pages", {"title": "À lire", "pages": [Page.objects.get(pk=pk) for pk in chosen]})]
    add_page(Page.objects.get(depth=2).specific, shower)
    edited = NewsPage.objects.get(pk=edited.pk)
    edited.related_links = [RelatedPage(page=page) for page in (hidden[0], private, gone)]
    edited.save()
    closed = open_territory_space(territory=Territory.objects.get(level="departement", code="47"))
    make_news(closed, title=f"{SECRET} d'un espace fermé", slug="zebulon-ferme")
    close_territory_space(space=closed)
    add_page(
        Page.objects.get(pk=landes_space.page_id).specific,
        DossierPage(
            title=f"{SECRET} rouvert",
            slug="zebulon-rouvert",
            lead=SECRET,
            kind="feuille-de-route",
            number="FDR-1",
            organisation_name=SECRET,
            accepted_on=timezone.localdate(),
            content={"parts": [{"label": SECRET, "text": SECRET, "headers": [], "rows": []}]},
            words=SECRET,
            live=False,
        ),
    )
    collection = Collection.get_first_root_node().add_child(name="Privée")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    documents = [
        Document.objects.create(title=SECRET, file=ContentFile(b"zebulon", "o.pdf"), collection=collection),
        make_document(title=SECRET, content=b"zebulon"),
    ]
    make_resource(landes_space, title="Une ressource publique", slug="au-document-prive", documents=[documents[0]])
    make_resource(landes_space, title=f"{SECRET} au document", documents=[documents[1]], live=False)
    one = MailingList.objects.subscribable().order_by("pk").first()
    subscribe(address="abonne-cache@exemple.fr", lists=[one] if one else [])
    MailingList.objects.create(
        name=f"{SECRET} privée", slug="liste-privee", territory=landes_space.territory, visibility="private"
    )
    return [document.url for document in documents] + [
        join.url,
        *plant_of_people(landes_space, editor),
        *plant_of_dossiers(),
    ]


def plant_of_dossiers() -> list[str]:
    """A dossier with what its parties say to each other; returns the addresses that lead to it from elsewhere."""
    party = make_party()
    dossier = make_dossier(party, "en_instruction", values={"nom": f"{SECRET} déposé"})
    file = make_file(party.depositor, name="zebulon.pdf", purpose=PURPOSE)
    post_message(dossier=dossier, actor=party.depositor, body=SECRET, files=[file])
    post_message(dossier=dossier, actor=party.instructor, body=SECRET, internal=True)
    [opinion] = ask(
        dossier=dossier,
        actor=party.instructor,
        emails=["abonne-cache@exemple.fr"],
        question=SECRET,
        due_on=timezone.localdate() + timedelta(days=9),
        confidential=False,
    )
    items = [{"field": "nom", "question": SECRET, "mandatory": True}]
    act("demander_complements", dossier, party.instructor, due_on=timezone.localdate() + timedelta(days=9), items=items)
    return [file.get_absolute_url(), f"/dossiers/avis/{opinion.pk}/"]


def plant_of_people(space, editor) -> list[str]:
    """What people propose, ask, are told and say of themselves; returns the addresses of their files."""
    author = make_member(Role.CONTRIBUTOR, space.territory, first_name="Auteur", last_name=SECRET)
    Profile.objects.create(user=author, position=SECRET, phone="0499zebulon", organisation_name=SECRET, remarks=SECRET)
    draft = make_draft(author, title=f"{SECRET} proposé", lead=SECRET)
    submitted = make_draft(author, title=f"{SECRET} soumis", text=f"Un {SECRET}.")
    kept = add_file(proposal=submitted, actor=author, upload=upload("zebulon.pdf"), role="document")
    submit_proposal(proposal=submitted, actor=author)
    review = ReviewItem.objects.get(proposal=submitted)
    FieldComment.objects.create(item=review, field="lead", text=SECRET, author=editor)
    shown = make_news(space, title="Une page corrigée", slug="corrigee")
    propose_correction(
        fact=PageFact.objects.get(pk=shown.pk),
        changes={"lead": ("Un chapô.", f"Un {SECRET}.")},
        remark=SECRET,
        name=SECRET,
        email="abonne-cache@exemple.fr",
    )
    PageReport.objects.create(
        page=shown, space=space, title=shown.title, reason="errors", text=SECRET, email="abonne-cache@exemple.fr"
    )
    invite(
        actor=editor, email="abonne-cache@exemple.fr", role=Role.CONTRIBUTOR, territory=space.territory, message=SECRET
    )
    Notice.objects.create(recipient=author, kind="x", event="x", subject=SECRET, text=SECRET, url="/agenda/")
    names = ("detail", "edit", "preview", "submit", "withdraw", "delete")
    private = [reverse(f"contribution:{name}", args=[each.pk]) for each in (draft, submitted) for name in names]
    return [kept.file.get_absolute_url(), *private]


def public_addresses() -> list[str]:
    """Every address outside the admin, filled with what exists and what does not."""
    values = {
        "": [1],
        "kind": ["news", "event", "resource", "initiative", "page", "space", "help", "letter"],
        "number": [1],
        "key": ["departement-40", "departement-47", "x"],
        "token": ["x"],
        "notice": ["00000000-0000-4000-8000-000000000001"],
        "uidb36": ["1"],
        "name": ["x"],
        "path": ["x/"],
        "slug": ["actualite", "x"],
        "code": ["x"],
        "provider": ["brevo"],
        "uid": Occurrence.objects.order_by("pk").values_list("uid", flat=True),
        "proposal_id": Proposal.objects.order_by("pk").values_list("pk", flat=True),
        "file_id": StoredFile.objects.order_by("pk").values_list("pk", flat=True),
        "restriction_id": CollectionViewRestriction.objects.order_by("pk").values_list("pk", flat=True),
        "page_view_restriction_id": PageViewRestriction.objects.order_by("pk").values_list("pk", flat=True),
        "page_id": Page.objects.order_by("pk").values_list("pk", flat=True),
        "dossier_id": Dossier.objects.order_by("pk").values_list("pk", flat=True),
        "message_id": Message.objects.order_by("pk").values_list("pk", flat=True),
        "opinion_id": Opinion.objects.order_by("pk").values_list("pk", flat=True),
        "token_id": ApiToken.objects.order_by("pk").values_list("pk", flat=True),
        "webhook_id": Webhook.objects.order_by("pk").values_list("pk", flat=True),
        "item_id": ComplementItem.objects.order_by("pk").values_list("pk", flat=True),
    }
    found = [path for each in addresses() if not each.route.startswith("admin/") for path in each.fill(values)]
    return list(dict.fromkeys(found + page_addresses()))


def text_of(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    # A calendar folds its lines.
    return (body.decode("utf-8", "replace") + "\n" + str(response.headers)).replace("\r\n ", "").lower()


def leaks(client: Client, paths: list[str]) -> tuple[list[str], str]:
    """The addresses whose answer holds something hidden, and all the text read."""
    found, everything = [], []
    for path in paths:
        for query in QUERIES if "?" not in path else ("",):
            response = client.get(path + query)
            assert response.status_code < 500, path + query
            text = text_of(response)
            everything.append(text)
            # The address itself is known to whoever asks for it.
            if any(needle in text.replace(path.lower(), "") for needle in NEEDLES):
                found.append(path + query)
    return found, "\n".join(everything)


@pytest.mark.parametrize(
    "who", ["anonymous", *(pytest.param(who, marks=pytest.mark.wide) for who in ("person", "editor of another place"))]
)
def test_nothing_hidden_is_anywhere(landes_space, landes, commit, who):
    editor = make_member(Role.EDITOR, landes)
    with commit():
        special = plant(landes_space, editor)
        make_news(landes_space, title="Un castor public", slug="castor")
    client = Client(raise_request_exception=False)
    if who == "person":
        client.force_login(make_user())
    elif who == "editor of another place":
        client.force_login(make_member(Role.EDITOR, Territory.objects.get(level="departement", code="84")))
    paths = public_addresses() + special
    found, text = leaks(client, paths)
    allowed = allowed_to(who)
    found = [path for path in found if not any(part in path for part in allowed)]
    assert not found, "\n".join(found)
    # The walk saw something at all.
    for seen in ("un castor public", "une visio", "une ressource publique", "met en avant", "un titre public"):
        assert seen in text


def allowed_to(who: str) -> tuple[str, ...]:
    """Who is signed in may read the page and the collection kept for those who are: their documents' names too."""
    return () if who == "anonymous" else ("/zebulon-prive/", "/documents/", "/au-document-prive/")
