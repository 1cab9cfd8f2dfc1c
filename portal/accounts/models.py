"""Users known by their e-mail, organisations, memberships, and the groups derived from memberships."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from portal.territories.models import Territory, TerritoryLink

from .enums import OrganisationKind, Role
from .invitations.models import Invitation as Invitation
from .profile.models import Profile as Profile


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Disabling (``is_active``) keeps the history readable; nobody is deleted while history names them."""

    email = models.EmailField("adresse e-mail", unique=True)
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80, blank=True)
    territory = models.ForeignKey(
        Territory,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="mon territoire",
        help_text="La page d'accueil vous montre d'abord ce qui le concerne.",
    )
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("équipe technique", default=False)
    date_joined = models.DateTimeField("inscrit le", default=timezone.now, editable=False)
    terms_accepted_at = models.DateTimeField("conditions acceptées le", null=True, blank=True, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        ordering = ["last_name", "first_name", "email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_ci")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def covering(self, territory: Territory) -> Self:
        """Those that cover ``territory``, or something that contains it."""
        above = TerritoryLink.objects.filter(descendant=territory).values("ancestor")
        return self.filter(
            pk__in=Organisation.covered.through.objects.filter(territory__in=above).values("organisation")
        )


class Organisation(models.Model):
    """A structure of the network. ``siret`` is 14 digits (or empty where it has none)."""

    name = models.CharField("nom", max_length=200)
    kind = models.CharField("nature", max_length=20, choices=OrganisationKind.choices)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="territoire")
    covered = models.ManyToManyField(
        Territory,
        blank=True,
        related_name="organisations",
        verbose_name="territoires couverts",
        help_text="Un hub couvre plusieurs territoires, et plusieurs hubs le même.",
    )
    website = models.URLField("site internet", blank=True)

    objects = OrganisationQuerySet.as_manager()

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "organisation"
        verbose_name_plural = "organisations"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["siret"], condition=~Q(siret=""), name="organisation_siret"),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def valid(self) -> Self:
        """Memberships that count today: of an active person, and not past their last day."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=timezone.localdate()), user__is_active=True)

    def inside(self, territories: models.QuerySet[Territory]) -> Self:
        """Memberships on one of ``territories``, or in an organisation seated there."""
        return self.filter(Q(territory__in=territories) | Q(territory=None, organisation__territory__in=territories))


class Membership(models.Model):
    """The one source of rights: a person holds a role on a territory or in an organisation.

    Groups, Wagtail page permissions and collection permissions are derived from it by
    ``portal.accounts.services``; nothing else grants them.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="personne")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name="territoire"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name="organisation"
    )
    granted_at = models.DateTimeField("accordé le", auto_now_add=True)
    granted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="accordé par"
    )
    expires_on = models.DateField("jusqu'au", null=True, blank=True, help_text="Dernier jour compris.")

    objects = MembershipQuerySet.as_manager()

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "rôle attribué"
        verbose_name_plural = "rôles attribués"
        ordering = ["user__email", "role", "pk"]
        constraints = [
            # Three, because NULLs are distinct in a unique index.
            models.UniqueConstraint(fields=["user", "role", "territory", "organisation"], name="membership_once"),
            models.UniqueConstraint(
                fields=["user", "role", "territory"],
                condition=Q(organisation=None),
                name="membership_once_on_territory",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation"],
                condition=Q(territory=None),
                name="membership_once_in_organisation",
            ),
            models.CheckConstraint(
                condition=(
                    Q(role__in=[Role.DEPOSITOR, Role.READER], organisation__isnull=False)
                    | Q(role=Role.ADVISOR)
                    | (~Q(role__in=[Role.DEPOSITOR, Role.READER, Role.ADVISOR]) & Q(territory__isnull=False))
                ),
                name="membership_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organisation or self.territory}"


class RoleGroup(models.Model):
    """The Django group that stands for one role on one territory; made and kept by ``portal.accounts.services``."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="role_group")
    role = models.CharField(max_length=20, choices=Role.choices)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="role_groups")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "territory"], name="role_group_once")]

    def __str__(self) -> str:
        return self.group.name


class SignInLink(models.Model):
    """A link by mail that signs a person in once. The link itself is signed and not kept (services.sign_in)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    target = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} · {self.created_at:%Y-%m-%d %H:%M}"
