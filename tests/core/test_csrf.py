"""A form sent without its token is refused on a page of the portal's."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/compte/login/", "/territoires/choisir/", "/compte/password/reset/"])
def test_a_form_without_its_token_is_refused_in_french(address):
    answer = Client(enforce_csrf_checks=True).post(address, {"q": "Dax"})
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "Cet envoi n’a pas été accepté" in text
    assert "fr-header" in text
