"""Figures in templates, as people read them."""

from __future__ import annotations

from django import template

from ..figures import words

register = template.Library()
register.filter("whole", words.whole)
register.filter("decimal", words.decimal)
register.filter("share", words.share)
register.filter("days", words.days)
register.filter("money", words.money)
