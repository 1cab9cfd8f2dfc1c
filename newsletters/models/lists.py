"""Lists of recipients, one or several a territory."""

from __future__ import annotations

from typing import Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from portal.territories.models import Territory

from ..addresses import normalise_address
from ..admin_forms import MailingListForm
from ..enums import Frequency, OptIn, Visibility


class MailingListQuerySet(models.QuerySet["MailingList"]):
    def current(self) -> Self:
        """Lists in use, not archived."""
        return self.filter(archived_at=None)

    def subscribable(self) -> Self:
        """Lists that anyone may see and subscribe to."""
        return self.current().filter(visibility=Visibility.PUBLIC)

    def of_territory(self, territory: Territory) -> Self:
        """Lists of ``territory`` itself, not of those inside it."""
        return self.filter(territory=territory)


class MailingList(models.Model):
    """A list of a territory: who may join, how, and in whose name its letters are sent."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="mailing_lists", verbose_name="territoire")
    name = models.CharField("nom", max_length=150)
    slug = models.SlugField("identifiant d'adresse", max_length=120, unique=True)
    description = models.TextField(
        "présentation", max_length=500, blank=True, help_text="Ce que l'on y lit, montré à qui veut s'abonner."
    )
    visibility = models.CharField("visibilité", max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    opt_in = models.CharField("abonnement", max_length=10, choices=OptIn.choices, default=OptIn.DOUBLE)
    frequency = models.CharField("fréquence", max_length=15, choices=Frequency.choices, default=Frequency.MONTHLY)
    sender_name = models.CharField("nom de l'expéditeur", max_length=100, blank=True)
    sender_address = models.EmailField(
        "adresse de l'expéditeur",
        blank=True,
        help_text="D'un domaine que la plateforme d'envoi connaît. Vide : l'adresse du portail.",
    )
    reply_to = models.EmailField("adresse de réponse", blank=True, help_text="Vide : celle de l'expéditeur.")
    welcome_enabled = models.BooleanField("envoyer un message de bienvenue", default=False)
    welcome_subject = models.CharField("objet du message de bienvenue", max_length=150, blank=True)
    welcome_text = models.TextField("message de bienvenue", max_length=3000, blank=True)
    is_default = models.BooleanField("liste de l'espace", default=False, editable=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    archived_at = models.DateTimeField("archivée le", null=True, blank=True)

    objects = MailingListQuerySet.as_manager()

    panels = [
        FieldPanel("territory", widget=forms.Select),
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("visibility"), FieldPanel("opt_in"), FieldPanel("frequency")]),
        MultiFieldPanel([FieldPanel("sender_name"), FieldPanel("sender_address")], heading="Expéditeur"),
        FieldPanel("archived_at"),
    ]
    base_form_class = MailingListForm

    class Meta:
        verbose_name = "liste"
        verbose_name_plural = "listes"
        ordering = ["territory__name", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory"], condition=Q(is_default=True), name="mailing_list_default_once"
            ),
        ]
        indexes = [models.Index(fields=["territory", "visibility", "archived_at"], name="mailing_list_shown")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Sender identities go into headers: no line break (header injection), an address in its normal form."""
        super().clean()
        errors: dict[str, str | list[str]] = {}
        if any(ord(char) < 32 for char in self.sender_name):
            errors["sender_name"] = "Le nom de l'expéditeur ne contient pas de retour à la ligne."
        if self.sender_address:
            try:
                self.sender_address = normalise_address(self.sender_address)
            except ValidationError as error:
                errors["sender_address"] = error.messages
        if errors:
            raise ValidationError(errors)
