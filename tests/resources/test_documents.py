"""A document is read by whoever may read a page that uses it, and by nobody else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from pages.models import StandardPage
from resources.documents import may_read
from tests.factories import make_user
from tests.resources.factories import make_document, make_resource


def answer(client, document):
    response = client.get(document.url)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def test_the_document_of_a_visible_resource_is_public(client, landes_space):
    document = make_document()
    make_resource(landes_space, documents=[document])
    response = client.get(document.url)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"%PDF-1.4 un guide"


def test_a_document_leaves_the_public_with_its_page_and_comes_back_with_it(client, landes_space):
    document = make_document()
    page = make_resource(landes_space, documents=[document])
    page.unpublish()
    assert answer(client, document) == 404
    page.save_revision().publish()
    assert answer(client, document) == 200
    PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login")
    assert answer(client, document) == 404


def test_the_document_of_no_page_and_that_of_a_draft_are_not_public(client, landes_space):
    alone, drafted = make_document(), make_document()
    make_resource(landes_space, documents=[drafted], live=False)
    assert [answer(client, each) for each in (alone, drafted)] == [404, 404]


def test_a_document_shown_by_one_visible_page_is_public_whatever_the_others(client, landes_space):
    document = make_document()
    make_resource(landes_space, documents=[document], live=False)
    make_resource(landes_space, documents=[document])
    assert answer(client, document) == 200


def test_a_document_linked_in_a_body_counts_too(client, landes_space, commit, nation):
    document = make_document()
    body = [("text", f'<p><a linktype="document" id="{document.pk}">le guide</a></p>')]
    home = nation.space.page
    home.refresh_from_db()
    with commit():
        page = home.add_child(instance=StandardPage(title="Page", slug="page", body=body))
    assert answer(client, document) == 200
    page.unpublish()
    assert answer(client, document) == 404


def test_who_may_read_a_private_page_may_read_its_document(client, landes_space):
    document = make_document()
    page = make_resource(landes_space, documents=[document])
    group = Group.objects.create(name="Hubs")
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.add(group)
    stranger, member = make_user(), make_user()
    member.groups.add(group)
    client.force_login(stranger)
    assert answer(client, document) == 404
    client.force_login(member)
    assert answer(client, document) == 200


def test_a_private_collection_asks_to_sign_in_even_for_a_visible_page(client, landes_space):
    collection = Collection.get_first_root_node().add_child(instance=Collection(name="Interne"))
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    document = make_document(collection=collection)
    make_resource(landes_space, documents=[document])
    assert answer(client, document) == 302
    client.force_login(make_user())
    assert answer(client, document) == 200


def test_the_administration_reads_every_document(client, landes_space):
    document = make_document()
    client.force_login(make_user(is_superuser=True))
    assert answer(client, document) == 200
    client.force_login(make_user(is_superuser=True, is_active=False))
    assert answer(client, document) == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_pages_that_use_a_document(
    client, rf, landes_space, django_assert_num_queries, count
):
    public, private = make_document("public.pdf"), make_document("prive.pdf")
    for _ in range(count):
        make_resource(landes_space, documents=[public])
        hidden = make_resource(landes_space, documents=[private])
        PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    answer(client, public)
    with django_assert_num_queries(4):
        assert answer(client, public) == 200
    request = rf.get(private.url)
    request.user = AnonymousUser()
    may_read(private, request)
    with django_assert_num_queries(4):
        assert not may_read(private, request)


def test_a_file_that_vanished_from_the_storage_breaks_no_page(client, landes_space):
    document = make_document("perdu.odt")
    page = make_resource(landes_space, documents=[document])
    document.file.storage.delete(document.file.name)
    assert client.get(page.url).status_code == 200
    assert client.get("/ressources/").status_code == 200


def test_a_document_given_another_file_is_found_under_its_new_format(client, landes_space):
    document = make_document("guide.pdf")
    make_resource(landes_space, title="Guide remplacé", documents=[document])
    document = Document.objects.get(pk=document.pk)
    document.file = ContentFile(b"a,b", name="tableau.ods")
    document.save()
    assert "Guide remplacé" in client.get("/ressources/?format=tableur").content.decode()
    assert "Guide remplacé" not in client.get("/ressources/?format=pdf").content.decode()
