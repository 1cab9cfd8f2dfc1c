"""Dossiers in the administration."""

from __future__ import annotations

from wagtail import hooks

from .catalogue.log_actions import log_actions as log_actions_of_types
from .log_actions import log_actions

hooks.register("register_log_actions", log_actions_of_types)
hooks.register("register_log_actions", log_actions)
