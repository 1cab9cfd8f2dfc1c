"""« Réseau » in the admin: people, roles and organisations, each within what its reader manages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import display
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup, modeladmin_register
from wagtail_modeladmin.views import CreateView, DeleteView, EditView

from portal.territories.enums import Level
from portal.territories.models import Territory

from .abilities import Abilities, get_abilities, person_of
from .fields import PeopleField, TerritoryField
from .models import Membership, Organisation, User
from .rules import Ability
from .second_factor_admin import PersonButtons, with_second_factor
from .services import GrantError, create_person, disable_user, enable_user, grant_membership, revoke_membership

OFFERED = (Level.NATION, Level.REGION, Level.DEPARTEMENT)


def _national(abilities: Abilities) -> bool:
    return abilities.anywhere(Ability.OPEN_SPACES)


class AbilityHelper(PermissionHelper):
    """Rights from the role table, not from Django's permissions."""

    ability: Ability

    def user_can_list(self, user: Any) -> bool:
        return get_abilities(user).anywhere(self.ability)

    user_can_create = user_can_list

    def user_can_inspect_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


# --- Roles -----------------------------------------------------------------------------------------------------------
class MembershipHelper(AbilityHelper):
    ability = Ability.MANAGE_MEMBERSHIPS

    def user_can_delete_obj(self, user: Any, obj: Membership) -> bool:
        where = obj.territory or obj.organisation
        return where is not None and get_abilities(user).can_grant(obj.role, where)


class MembershipForm(WagtailAdminModelForm):
    """A role for one person; what the actor may not give is said by the service, on the form."""

    person = PeopleField(label="Adresse e-mail de la personne", widget=forms.TextInput)
    territory = TerritoryField(label="Territoire", required=False)

    class Meta:
        model = Membership
        fields = ["role", "territory", "organisation", "expires_on"]

    def clean_person(self) -> User:
        people: list[User] = self.cleaned_data["person"]
        if len(people) != 1:
            raise forms.ValidationError("Indiquez une seule adresse.")
        return people[0]

    def _post_clean(self) -> None:
        """The service checks and writes; the model's own validation would lack the person."""


class GrantView(CreateView):
    def form_valid(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        try:
            self.instance = grant_membership(
                actor=self.request.user,
                user=data["person"],
                role=data["role"],
                territory=data["territory"],
                organisation=data["organisation"],
                expires_on=data["expires_on"],
            )
        except GrantError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, f"Rôle donné : {self.instance}.")
        return redirect(self.index_url)


class RevokeView(DeleteView):
    page_title = "Retirer"

    def get_meta_title(self) -> str:
        return "Retirer un rôle"

    def confirmation_message(self) -> str:
        return "Retirer ce rôle ? La personne perd aussitôt les droits qu'il donne ; ce qu'elle a écrit reste."

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        label = str(self.instance)
        try:
            revoke_membership(actor=person_of(request), membership=self.instance)
        except GrantError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Rôle retiré : {label}.")
        return redirect(self.index_url)


class MembershipButtons(ButtonHelper):
    """A role is given and taken back: nothing is deleted."""

    def delete_button(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        button: dict[str, Any] = super().delete_button(*args, **kwargs)
        return button | {"label": "Retirer", "title": "Retirer ce rôle"}


class MembershipAdmin(ModelAdmin):
    model = Membership
    button_helper_class = MembershipButtons
    menu_label = "Rôles"
    menu_icon = "key"
    permission_helper_class = MembershipHelper
    create_view_class = GrantView
    delete_view_class = RevokeView
    history_view_enabled = False
    list_display = ("user", "role", "territory", "organisation", "granted_by", "granted_at", "expires_on")
    list_filter = ("role",)
    list_select_related = ("user", "territory", "organisation", "granted_by")
    list_per_page = 50
    search_fields = ("user__email", "user__last_name", "territory__name", "organisation__name")
    panels = [
        FieldPanel("person"),
        FieldPanel("role"),
        FieldPanel("territory"),
        FieldPanel("organisation"),
        FieldPanel("expires_on"),
    ]

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        handler.base_form_class = MembershipForm
        return handler

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        abilities, ability = get_abilities(request.user), Ability.MANAGE_MEMBERSHIPS
        rows = super().get_queryset(request)
        if _national(abilities):
            return rows
        return rows.inside(abilities.territories(ability)) | rows.filter(
            organisation__in=abilities.organisation_ids(ability)
        )


# --- Organisations ---------------------------------------------------------------------------------------------------
class OrganisationHelper(AbilityHelper):
    ability = Ability.MANAGE_ORGANISATIONS

    def user_can_edit_obj(self, user: Any, obj: Organisation) -> bool:
        return get_abilities(user).can(self.ability, obj)


class OrganisationForm(WagtailAdminModelForm):
    territory = TerritoryField(label="Territoire")
    website = forms.URLField(label="Site internet", assume_scheme="https", required=False)
    covered = forms.ModelMultipleChoiceField(
        label="Territoires couverts",
        help_text="Régions et départements. Un hub en couvre plusieurs, et plusieurs hubs le même.",
        queryset=Territory.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 12}),
        required=False,
    )

    class Meta:
        model = Organisation
        fields = ["name", "kind", "siret", "territory", "covered", "website"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = get_abilities(self.for_user).territories(Ability.MANAGE_ORGANISATIONS)
        covered = self.instance.covered.all() if self.instance.pk else Territory.objects.none()
        self.already = set(covered.order_by().values_list("pk", flat=True))
        # What is covered already stays on offer, whatever its level: saving a name may not take a territory away.
        offered = Q(pk__in=mine.order_by().values("pk")) & (
            Q(ended_on=None, level__in=OFFERED) | Q(pk__in=self.already)
        )
        self.fields["covered"].queryset = Territory.objects.filter(offered).order_by("search_name", "level")

    def clean_covered(self) -> QuerySet[Territory]:
        """What was chosen, and what is covered outside of the actor's reach: neither given nor taken back by them."""
        chosen = self.cleaned_data["covered"].order_by().values_list("pk", flat=True)
        within = self.fields["covered"].queryset.order_by().values_list("pk", flat=True)
        return Territory.objects.filter(pk__in={*chosen, *(self.already - set(within))}).order_by("pk")

    def clean_siret(self) -> str:
        siret = self.cleaned_data["siret"].replace(" ", "")
        if siret and not (siret.isdigit() and siret.isascii() and len(siret) == 14):
            raise forms.ValidationError("Un SIRET a 14 chiffres.")
        return siret

    def clean_territory(self) -> Any:
        territory = self.cleaned_data["territory"]
        if not get_abilities(self.for_user).can(Ability.MANAGE_ORGANISATIONS, territory):
            raise forms.ValidationError("Ce territoire n'est pas dans votre périmètre.")
        return territory


class OrganisationAdmin(ModelAdmin):
    model = Organisation
    menu_label = "Organisations"
    menu_icon = "group"
    permission_helper_class = OrganisationHelper
    history_view_enabled = False
    list_display = ("name", "kind", "territory", "siret")
    list_filter = ("kind",)
    list_select_related = ("territory",)
    list_per_page = 50
    search_fields = ("name", "siret", "territory__name")
    panels = [FieldPanel(name) for name in ("name", "kind", "siret", "territory", "covered", "website")]

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        handler.base_form_class = OrganisationForm
        return handler

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        abilities = get_abilities(request.user)
        rows = super().get_queryset(request)
        if _national(abilities):
            return rows
        return rows.filter(territory__in=abilities.territories(Ability.MANAGE_ORGANISATIONS))


# --- People ----------------------------------------------------------------------------------------------------------
class PersonHelper(AbilityHelper):
    """The national administration; nobody but a superuser changes a superuser."""

    ability = Ability.OPEN_SPACES

    def user_can_edit_obj(self, user: Any, obj: User) -> bool:
        return self.user_can_list(user) and (user.is_superuser or not obj.is_superuser)


class PersonForm(WagtailAdminModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "is_active"]


class NewPersonForm(WagtailAdminModelForm):
    email = forms.EmailField(
        label="Adresse e-mail",
        max_length=254,
        help_text="La personne y reçoit un lien pour choisir son mot de passe. Donnez-lui ensuite ses rôles.",
    )

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name"]

    def _post_clean(self) -> None:
        """The service says whether the address is free, whatever its case."""


class NewPersonView(CreateView):
    def get_edit_handler(self) -> Any:
        handler = ObjectList([FieldPanel(name) for name in ("email", "first_name", "last_name")])
        handler.base_form_class = NewPersonForm
        return handler.bind_to_model(User)

    def form_valid(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        try:
            person = create_person(
                actor=person_of(self.request),
                email=data["email"],
                first_name=data["first_name"],
                last_name=data["last_name"],
            )
        except GrantError as error:
            form.add_error("email", str(error))
            return self.form_invalid(form)
        messages.success(self.request, f"Compte créé : {person}. Un lien lui est envoyé à {person.email}.")
        return redirect(self.index_url)


class PersonView(EditView):
    def form_valid(self, form: Any) -> HttpResponse:
        person, active = form.instance, form.cleaned_data["is_active"]
        was_active = User.objects.values_list("is_active", flat=True).get(pk=person.pk)
        person.is_active = was_active
        person.save(update_fields=["first_name", "last_name"])
        try:
            if active != was_active:
                (enable_user if active else disable_user)(actor=self.request.user, user=person)
        except GrantError as error:
            form.add_error("is_active", str(error))
            return self.form_invalid(form)
        messages.success(self.request, f"{person} : enregistré.")
        return redirect(self.index_url)


class PersonAdmin(ModelAdmin):
    model = User
    button_helper_class = PersonButtons
    menu_label = "Personnes"
    menu_icon = "user"
    permission_helper_class = PersonHelper
    create_view_class = NewPersonView
    edit_view_class = PersonView
    history_view_enabled = False
    list_display = ("email", "first_name", "last_name", "state", "last_login", "date_joined")
    list_filter = ("is_active",)
    list_per_page = 50
    search_fields = ("email", "first_name", "last_name")
    panels = [FieldPanel("first_name"), FieldPanel("last_name"), FieldPanel("is_active")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return with_second_factor(super().get_queryset(request))

    @display(description="Compte", ordering="is_active")
    def state(self, person: User) -> str:
        """In words: a boolean column shows an image of Django's admin, which is not installed."""
        return "Actif" if person.is_active else "Désactivé"

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        handler.base_form_class = PersonForm
        return handler


class InvitationsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return get_abilities(request.user).anywhere(Ability.MANAGE_MEMBERSHIPS)


@modeladmin_register
class NetworkGroup(ModelAdminGroup):
    menu_label = "Réseau"
    menu_icon = "group"
    menu_order = 500
    items = (PersonAdmin, MembershipAdmin, OrganisationAdmin)

    def get_submenu_items(self) -> list[Any]:
        """And « Invitations », a screen of the front office: some of those who invite have no access to the admin."""
        items: list[Any] = super().get_submenu_items()
        return [*items, InvitationsMenuItem("Invitations", reverse("team"), icon_name="mail", order=len(items) + 1)]
