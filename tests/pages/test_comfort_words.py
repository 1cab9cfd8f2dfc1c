"""Wagtail's screens in French that agrees: our catalogue over Wagtail's, compiled without gettext's tools."""

from __future__ import annotations

import gettext
import re
import runpy

import pytest
from django.conf import settings
from django.utils.translation import gettext as translated
from django.utils.translation import ngettext

from portal.accounts.enums import Role
from tests.factories import make_member, make_news, section

COMPILER = runpy.run_path(str(settings.BASE_DIR / "scripts" / "compile_messages.py"))
FOLDER = settings.BASE_DIR / "templates" / "locale"


def test_what_is_compiled_is_what_is_written():
    assert COMPILER["outdated"](FOLDER) == []


def test_a_catalogue_that_changed_is_told(tmp_path):
    source = tmp_path / "fr.po"
    source.write_text('msgid "Moved"\nmsgstr "Déplacé"\n')
    assert COMPILER["outdated"](tmp_path) == [source]
    source.with_suffix(".mo").write_bytes(COMPILER["compiled"](source.read_text()))
    assert COMPILER["outdated"](tmp_path) == []
    source.write_text('msgid "Moved"\nmsgstr "Rangé"\n')
    assert COMPILER["outdated"](tmp_path) == [source]


def test_the_compiler_writes_what_gettext_reads(tmp_path):
    target = tmp_path / "fr.mo"
    target.write_bytes(
        COMPILER["compiled"](
            '# note\nmsgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
            '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
            'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "un é"\nmsgstr[1] "des"\n\n'
            'msgctxt "verb"\nmsgid "open"\nmsgstr "ouvrir"\n\n'
            '#, fuzzy\nmsgid "guess"\nmsgstr "hasard"\n\nmsgid "empty"\nmsgstr ""\n'
        )
    )
    with target.open("rb") as stream:
        catalogue = gettext.GNUTranslations(stream)
    assert [catalogue.ngettext("one", "many", n) for n in (1, 2)] == ["un é", "des"]
    assert catalogue.pgettext("verb", "open") == "ouvrir"
    assert [catalogue.gettext(text) for text in ("guess", "empty")] == ["guess", "empty"]


@pytest.mark.parametrize("text", ['msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', "msgid a\n", '"alone"\n'])
def test_a_mistake_in_a_catalogue_is_refused(text):
    with pytest.raises(COMPILER["CatalogueError"]):
        COMPILER["compiled"](text)


def messages():
    for path in sorted(FOLDER.rglob("*.po")):
        for key, value in COMPILER["read"](path.read_text()).items():
            if key:
                yield pytest.param(key, value, id=key[:50])


@pytest.mark.parametrize(("key", "value"), list(messages()))
def test_a_translation_fits_its_place(key, value):
    """It names nothing that its text does not hold, keeps its tags, and both genders are never said at once."""
    for form in value.split("\x00"):
        assert set(re.findall(r"%\(\w+\)[sd]|{\w+}", form)) <= set(re.findall(r"%\(\w+\)[sd]|{\w+}", key))
        assert re.findall(r"class=\"[^\"]*\"", form) == re.findall(r"class=\"[^\"]*\"", key.split("\x00")[0])
        assert not re.search(r"\((e|le|tte|es|ne)\)|ce/cette|le/la|\bStatus\b", form)
        assert not re.search(r"[^\u00a0\u202f(]([:;?!»](?!\w))", form.replace("://", ""))


def test_the_catalogue_is_read_over_wagtails():
    assert translated("Current page status:") == "État de la page\u00a0:"
    assert translated("New: %(model_name)s") == "Ajout\u00a0: %(model_name)s"
    assert [ngettext("Referenced %(count)s time", "Referenced %(count)s times", n) for n in (0, 1, 3)] == [
        "Cité %(count)s fois"
    ] * 3


@pytest.mark.django_db
def test_the_editors_screens_say_no_gender_twice(client, landes, landes_space):
    client.force_login(make_member(Role.EDITOR, landes))
    page = make_news(landes_space)
    news = section(landes_space, "actualites")
    for address in (
        f"/admin/pages/{page.pk}/edit/",
        f"/admin/pages/{page.pk}/history/",
        f"/admin/pages/{page.pk}/delete/",
        f"/admin/pages/{news.pk}/",
        "/admin/images/",
        "/admin/images/add/",
        "/admin/documents/",
        f"/admin/bulk/wagtailcore/page/unpublish/?id={page.pk}",
    ):
        html = client.get(address).content.decode()
        assert not re.search(r"\w\((e|le|tte|es|ne)\)|[Cc]e/cette|Status actuel|Include descendants", html), address
    assert "peuvent modifier ce contenu" in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
