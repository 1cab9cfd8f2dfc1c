"""Pages, their review and their forms, images and documents."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.forms.models import FormSubmission
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction, Revision, TaskState, UploadedFile, WorkflowState

from newsletters.letters.images import FILTERS
from pages.contribution.services import start_draft
from pages.models import FormPage, PageReport, ReviewItem
from pages.models.forms import FormField
from portal.accounts.models import User
from portal.territories.models import Space
from tests.factories import add_page, make_initiative, make_news, section
from tests.resources.factories import make_document, make_resource

from ..walk import World

#: Kinds of questions of Wagtail's forms.
QUESTIONS = ("singleline", "email", "url", "number", "multiline", "checkbox", "checkboxes", "dropdown", "radio",
             "date", "datetime", "multiselect", "hidden")  # fmt: skip


def make_form_page(space: Space, **fields: Any) -> FormPage:
    """A form that asks every kind of question."""
    form = FormPage(**({"title": "Questionnaire", "slug": "questionnaire"} | fields))
    form.form_fields = [
        FormField(label=kind, field_type=kind, required=False, choices="a,b", sort_order=order)
        for order, kind in enumerate(QUESTIONS)
    ]
    return add_page(Page.objects.get(pk=space.page_id).specific, form)


def plant_pages(space: Space, author: User) -> World:
    image = Image.objects.create(title="Une image", file=get_test_image_file(), collection=space.collection)
    image.get_file_size()  # An upload notes it; where it is missing the first look does.
    rendition = image.get_rendition("fill-400x225")
    image.get_rendition(FILTERS["wide"][0])
    live = make_news(space, title="Une page publiée", image=image, image_alt="Un dessin")
    live.save_revision(user=author, log_action=True)
    draft = make_news(space, title="Un brouillon", live=False)
    draft.save_revision(user=author, log_action=True)
    draft.get_workflow().start(draft, author)
    private = make_news(space, title="Une page privée")
    restriction = PageViewRestriction.objects.create(page=private, restriction_type="password", password="ouvre")
    make_initiative(space)
    form = make_form_page(space)
    FormSubmission.objects.create(page=form, form_data={"singleline": "Bonjour"})
    actualites = section(space, "actualites")
    alias = live.create_alias(parent=actualites, update_slug="alias")
    # Scheduled: its latest revision is to be published later.
    scheduled = make_news(space, title="Une page programmée", live=False)
    scheduled.go_live_at = timezone.now() + timezone.timedelta(days=1)
    waiting = scheduled.save_revision(user=author)
    waiting.publish()
    session = EditingSession.objects.create(user=author, content_object=live, last_seen_at=timezone.now())
    report = PageReport.objects.create(page=live, space=space, title=live.title, reason="errors")
    state = WorkflowState.objects.get(object_id=str(draft.pk))
    values: dict[str, Any] = {
        **dict.fromkeys(("page_id", "parent_page_id", "page_to_move_id", "page_pk"), live.pk),
        "destination_id": actualites.pk,
        "pk": live.pk,
        "object_id": live.pk,
        "revision_id": Revision.objects.filter(object_id=str(live.pk)).latest("pk").pk,
        "revision_id_a": "live",
        "revision_id_b": "latest",
        "task_state_id": TaskState.objects.get(workflow_state=state).pk,
        "workflow_state_id": state.pk,
        "session_id": session.pk,
        "proposal_id": start_draft(actor=author, kind="news", data={"title": ["Une proposition"]}).pk,
        "slug": "actualite",
        "kind": "news",
        "filter_spec": "fill-300x200",
        "name": rendition.file.name.removeprefix("images/"),
        "path": "agenda/",
        "page_view_restriction_id": restriction.pk,
        "app_label": "pages",
        "app_name": "core",
        "model_name": "newspage",
        "content_type_app_name": "pages",
        "content_type_model_name": "newspage",
        "action": ["publish", "unpublish", "delete", "move"],
        "action_name": ["approve", "reject", "copy", "publish"],
    }
    parent, of_draft = {"parent_page_id": actualites.pk}, {"page_id": draft.pk}
    routes: list[tuple[str, dict[str, Any]]] = [
        ("admin/pages/add/", parent),
        ("admin/pages/<int:parent_page_id>/add_subpage/", parent),
        ("admin/pages/<int:page_id>/convert_alias/", {"page_id": alias.pk}),
        ("admin/pages/workflow/", of_draft),
        ("admin/pages/<int:page_id>/workflow_history/", of_draft),
        ("admin/pages/<int:page_id>/revisions/<int:revision_id>/unschedule/",
         {"page_id": scheduled.pk, "revision_id": waiting.pk}),
        ("admin/bulk/", {"app_label": "wagtailcore", "model_name": "page"}),
        ("admin/forms/", {"page_id": form.pk}),
        ("admin/relecture/", {"pk": ReviewItem.objects.get(page=draft).pk}),
        ("admin/signalements/", {"pk": report.pk}),
        ("admin/editing-sessions/", {"app_label": "pages", "model_name": "newspage"}),
        ("_util/authenticate", {"page_id": private.pk}),
        (r"^((?:[\w\-]+/)*)$", {"": "actualites/"}),
    ]  # fmt: skip
    queries = {
        "wagtail_bulk_action": f"?id={draft.pk}",
        "wagtailadmin_choose_page_chosen_multiple": f"?id={live.pk}",
        "wagtailadmin_api:pages:find": f"?id={live.pk}",
    }
    parts = ("body", "related_links", "comments")
    editor = {"title": "", "body-count": "0"} | {
        f"{each}-{end}_FORMS": "0" for each in parts for end in ("TOTAL", "INITIAL")
    }
    bodies: dict[str, dict[str, Any]] = {
        **dict.fromkeys(
            ("wagtailadmin_pages:add", "wagtailadmin_pages:edit", "wagtailadmin_pages:revisions_revert"), editor
        ),
        "wagtailadmin_pages:copy": {
            "new_title": "Une copie",
            "new_slug": "une-copie",
            "new_parent_page": live.get_parent().pk,
        },
        "wagtailadmin_choose_page_external_link": {"external-link-chooser-url": "https://exemple.fr/"},
    }
    return World(values, routes, queries, bodies) + plant_media(space, author, image)


def plant_media(space: Space, author: User, image: Image) -> World:
    document = make_document(collection=space.collection)
    make_resource(space, documents=[document])
    spare = make_document(collection=space.collection)
    uploaded = UploadedFile.objects.create(
        for_content_type=ContentType.objects.get_for_model(Image), file=get_test_image_file(), uploaded_by_user=author
    )
    upload_document = UploadedFile.objects.create(
        for_content_type=ContentType.objects.get_for_model(Document),
        file=make_document().file,
        uploaded_by_user=author,
    )
    values = {
        "image_id": image.pk,
        "document_id": document.pk,
        "doc_id": document.pk,
        "uploaded_file_id": uploaded.pk,
    }
    routes: list[tuple[str, dict[str, Any]]] = [
        ("admin/api/main/^documents/", {"pk": document.pk}),
        ("admin/api/main/^images/", {"pk": image.pk}),
        ("admin/documents/chooser/", {"pk": document.pk}),
        ("admin/images/chooser/", {"pk": image.pk}),
        ("admin/documents/multiple/<int:doc_id>/delete/", {"doc_id": spare.pk}),
        ("admin/documents/multiple/create_from_uploaded_document/", {"uploaded_file_id": upload_document.pk}),
        ("admin/documents/multiple/delete_upload/", {"uploaded_file_id": upload_document.pk}),
        ("documents/^", {"": [f"{document.pk}", document.filename]}),
    ]
    queries = {
        "wagtailadmin_api:images:find": f"?id={image.pk}",
        "wagtailadmin_api:documents:find": f"?id={document.pk}",
        "wagtaildocs_chooser:chosen_multiple": f"?id={document.pk}",
        "wagtailimages_chooser:chosen_multiple": f"?id={image.pk}",
    }
    return World(values, routes, queries)
