"""wagtail-modeladmin: its words in French, and lists that take no other lookup from the address than their own filters.

As it comes, ``?user__password__startswith=…`` filters a list by any column of any related table: whoever may see the
list reads, letter by letter, what it does not show. And a lookup that does not exist is an error 500.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import CreateView, EditView, IndexView, InspectView, InstanceSpecificView

# The first words of the names of models that are feminine.
FEMININE = frozenset({"adresse", "demande", "enveloppe", "liste", "organisation", "personne", "règle"})
# What Django's filters put after the name of a field.
_ENDINGS = (
    "",
    "__exact",
    "__id__exact",
    "__pk__exact",
    "__in",
    "__isnull",
    "__isempty",
    "__gte",
    "__gt",
    "__lte",
    "__lt",
)


class ScopedIndexView(IndexView):
    """The list: unknown parameters are left out, and a bad value of a filter leads to the list without it."""

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        names: list[str] = []
        for each in self.list_filter or ():
            first = each[0] if isinstance(each, tuple | list) else each
            names.append(first if isinstance(first, str) else getattr(first, "parameter_name", None) or "")
        allowed = {f"{name}{ending}" for name in names if name for ending in _ENDINGS}
        found: dict[str, Any] = super().get_filters_params(params)
        return {key: value for key, value in found.items() if key in allowed}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        self.count_told = lines(context["result_count"], context["all_count"])
        return context

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)


def lines(shown: int, everything: int) -> str:
    """« 36 371 lignes », or « 12 lignes sur 36 371 » where a search or a filter is in force."""
    told = f"{shown:,} ligne{'s' if shown > 1 else ''}"
    if shown != everything:
        told += f" sur {everything:,}"
    return told.replace(",", "\u202f")


def one(noun: str) -> str:
    """The noun with its article: « une organisation », « un rôle attribué »."""
    return f"{'une' if noun.split()[0] in FEMININE else 'un'} {noun}"


def speak_french() -> None:
    """Wagtail's « Créer un(e) autre organisation » in words that agree with their noun, for every ModelAdmin."""
    add = ButtonHelper.add_button

    def add_button(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        label = f"Ajouter {one(self.verbose_name)}"
        return add(self, *args, **kwargs) | {"label": label, "title": label}

    ButtonHelper.add_button = add_button
    for name, verb in (("inspect", "Consulter"), ("edit", "Modifier"), ("delete", "Supprimer")):
        _rename(f"{name}_button", verb)
    CreateView.page_title = "Ajouter"
    CreateView.get_page_subtitle = lambda self: one(self.verbose_name)
    CreateView.get_meta_title = lambda self: f"Ajouter {one(self.verbose_name)}"
    EditView.page_title = "Modifier"
    EditView.get_meta_title = lambda self: f"Modifier {one(self.verbose_name)}"
    InspectView.page_title = "Consulter"
    InspectView.get_meta_title = lambda self: f"Consulter {one(self.verbose_name)}"
    for view in (CreateView, EditView):
        view.get_error_message = lambda self: "Rien n’est enregistré : corrigez ce qui est signalé."
        view.get_success_message = lambda self, instance: f"« {instance} » : enregistré."


def _rename(name: str, verb: str) -> None:
    original = getattr(ButtonHelper, name)

    def button(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = original(self, *args, **kwargs)
        return found | {"label": verb, "title": verb}

    setattr(ButtonHelper, name, button)


def guard_lists() -> None:
    """Make it the list of every ModelAdmin, those to come included; and a number that is none leads nowhere (404)."""
    ModelAdmin.index_view_class = ScopedIndexView
    begin = InstanceSpecificView.__init__

    def begin_with_a_key(self: Any, model_admin: Any, instance_pk: str) -> None:
        try:
            model_admin.model._meta.pk.to_python(unquote(instance_pk))
        except ValidationError as error:
            raise Http404 from error
        begin(self, model_admin, instance_pk)

    InstanceSpecificView.__init__ = begin_with_a_key
