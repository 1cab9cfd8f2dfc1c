"""Lists of recipients, one or several a territory."""

from __future__ import annotations

import unicodedata
from email.utils import parseaddr
from typing import Self

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from portal.territories.models import Territory

from ..addresses import normalise_address
from ..admin_forms import TerritoryOwnedForm
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
        MultiFieldPanel(
            [FieldPanel("sender_name"), FieldPanel("sender_address"), FieldPanel("reply_to")], heading="Expéditeur"
        ),
        MultiFieldPanel(
            [FieldPanel("welcome_enabled"), FieldPanel("welcome_subject"), FieldPanel("welcome_text")],
            heading="Message de bienvenue",
            help_text="Envoyé une fois, quand un abonnement commence. En texte, une ligne vide sépare les paragraphes.",
        ),
        FieldPanel("archived_at"),
    ]
    base_form_class = TerritoryOwnedForm

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

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
        for name in ("sender_name", "welcome_subject"):
            if any(unicodedata.category(char).startswith("C") for char in getattr(self, name)):
                errors[name] = "Ce champ ne contient ni retour à la ligne ni caractère invisible."
        for name in ("sender_address", "reply_to"):
            if value := getattr(self, name):
                try:
                    setattr(self, name, normalise_address(value))
                except ValidationError as error:
                    errors[name] = error.messages
        if self.sender_address and "sender_address" not in errors and not _may_send_from(self.sender_address):
            errors["sender_address"] = (
                "La plateforme n’envoie pas depuis ce domaine. Domaines possibles\u00a0: "
                f"{', '.join(sender_domains())}. Pour recevoir les réponses ailleurs, donnez une adresse de réponse."
            )
        if self.welcome_enabled:
            for name in ("welcome_subject", "welcome_text"):
                if not getattr(self, name).strip():
                    errors[name] = "Obligatoire pour envoyer un message de bienvenue."
        if errors:
            raise ValidationError(errors)


def sender_domains() -> list[str]:
    """The domains letters may be sent from: ``LETTER_SENDER_DOMAINS``, else that of ``DEFAULT_FROM_EMAIL``.

    A sender of another domain would not be aligned with what signs the message (DMARC, RFC 7489): it would be refused.
    """
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return [domain.lower() for domain in settings.LETTER_SENDER_DOMAINS] or [own]


def _may_send_from(address: str) -> bool:
    domain = address.rpartition("@")[2]
    return any(domain == known or domain.endswith(f".{known}") for known in sender_domains())
