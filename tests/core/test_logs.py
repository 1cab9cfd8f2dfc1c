"""No e-mail address reaches the logs: messages, arguments, tracebacks, as the settings have it."""

import io
import logging
import logging.config
import time

import pytest
from django.conf import settings

from portal.core.logs import MASK, MaskAddresses, mask


@pytest.fixture
def logged():
    """A logger with the project's own handler, writing to a text."""
    configured = settings.LOGGING["handlers"]["console"]
    assert settings.LOGGING["filters"][configured["filters"][0]]["()"] == "portal.core.logs.MaskAddresses"
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(MaskAddresses())
    handler.setFormatter(logging.Formatter("{levelname} {message}", style="{"))
    logger = logging.Logger("tests.logs")
    logger.addHandler(handler)
    return logger, stream


def test_messages_arguments_and_tracebacks_are_masked(logged):
    logger, stream = logged
    logger.warning("Bounce of %s (%d)", "Camille.Exemple+liste@sous.exemple.fr", 550)
    try:
        raise ValueError("<secret@exemple.fr>: no such user")
    except ValueError:
        logger.exception("Cannot write to autre@exemple.fr", stack_info=True)
    logger.info("GET /compte/?email=tiers%40exemple.fr&page=2")
    text = stream.getvalue()
    assert "exemple.fr" not in text
    assert f"Bounce of {MASK} (550)" in text
    assert f"ValueError: <{MASK}>: no such user" in text
    assert f"/compte/?email={MASK}&page=2" in text


def test_what_is_no_address_stays(logged):
    logger, stream = logged
    logger.warning("Deux %s, 12 @ 3, 50 %%", "mots")
    assert stream.getvalue() == "WARNING Deux mots, 12 @ 3, 50 %\n"


def test_arguments_that_do_not_fit_are_masked_too(logged):
    logger, stream = logged
    logger.warning("Une %d", "personne@exemple.fr")
    assert "exemple.fr" not in stream.getvalue()


def test_masking_a_long_text_is_quick():
    started = time.monotonic()
    mask("a" * 200_000 + "@")
    mask("@" * 200_000)
    mask("a@" * 100_000)
    assert time.monotonic() - started < 5
