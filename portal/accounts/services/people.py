"""Accounts made by the national administration for people of the network."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from wagtail.log_actions import log

from ..abilities import get_abilities
from ..adapter import AccountAdapter
from ..models import User
from ..rules import Ability
from .memberships import GrantError


@transaction.atomic
def create_person(*, actor: User, email: str, first_name: str = "", last_name: str = "") -> User:
    """Make an account without a role; the person chooses a password by the link they are sent.

    The address counts as confirmed: the link that gives a password goes there and nowhere else, and until then nobody
    can sign in. Side effects: a log row on the person; a mail, on commit. Raises :class:`GrantError` unless the actor
    is a national administrator, and where the address has an account or waits for its confirmation in one.
    """
    if not get_abilities(actor).anywhere(Ability.OPEN_SPACES):
        raise GrantError("Vous ne pouvez pas créer de compte.")
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists() or EmailAddress.objects.filter(email__iexact=email).exists():
        raise GrantError("Cette adresse a déjà un compte.")
    person = User.objects.create_user(email, None, first_name=first_name.strip(), last_name=last_name.strip())
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    log(instance=person, action="accounts.create", user=actor)
    # A relay that fails does not undo the account: « Mot de passe oublié » writes again.
    transaction.on_commit(lambda: _invite(person), robust=True)
    return person


def _invite(person: User) -> None:
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    address = settings.SITE_URL.rstrip("/") + reverse("account_reset_password_from_key", kwargs=key)
    context = {"user": person, "password_url": address}
    AccountAdapter().render_mail("account/email/invitation", person.email, context).send()
