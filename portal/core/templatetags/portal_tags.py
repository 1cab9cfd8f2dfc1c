"""Tags of the public templates: header, menu, footer, cards, dates, pictograms."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import dsfr
from django import template
from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.core.chrome import MenuItem
from portal.core.enums import ContentKind
from portal.core.images import CARD_SIZES, card_renditions
from portal.core.sections import registered_sections
from portal.territories.enums import Level
from portal.territories.models import Territory

register = template.Library()

STATE_SITES = ("info.gouv.fr", "service-public.gouv.fr", "legifrance.gouv.fr", "data.gouv.fr")
_PICTOGRAMS = Path(dsfr.__file__).parent / "static" / "dsfr" / "dist" / "artwork" / "pictograms"


# --- Chrome -----------------------------------------------------------------------------------------------------------
@register.simple_tag
def chooser_url() -> str:
    """The address of the screen where a visitor chooses a territory."""
    try:
        return reverse("territories:choose")
    except NoReverseMatch:
        return "/territoires/choisir/"


@register.simple_tag(takes_context=True)
def include_if_exists(context: Context, name: str) -> str:
    """The template ``name`` rendered in this context; nothing where no app has one."""
    try:
        found: Any = get_template(name)
    except TemplateDoesNotExist:
        return ""
    return found.template.render(context)


def _entry(item: MenuItem, path: str) -> dict[str, Any]:
    return {
        "title": item.title,
        "url": item.url,
        "exact": path == item.url,
        "current": item.is_current(path),
        "children": [_entry(child, path) for child in item.children],
    }


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> SafeString:
    """The main menu, its entries marked where the request's page is."""
    menu: tuple[MenuItem, ...] = context["chrome"].menu
    path = context["request"].path
    entries = [each for item in menu for each in (item, *item.children)]
    # A page beneath an entry is marked as any other beneath it: the menus to write are as many as the entries.
    nearest = max((each.url for each in entries if each.is_current(path)), key=len, default="")
    written = _navigation.__wrapped__ if settings.DEBUG else _navigation
    return written(menu, path if path in ("/", nearest) else f"{nearest}*")


@lru_cache(maxsize=100)
def _navigation(menu: tuple[MenuItem, ...], path: str) -> SafeString:
    """``menu`` as it is on the page of ``path``. Its key is what it shows, so that it is never out of date."""
    values = {"is_home": path == "/", "menu": [_entry(item, path) for item in menu]}
    return SafeString(get_template("partials/navigation.html").render(values))


@register.inclusion_tag("partials/space_navigation.html", takes_context=True)
def space_navigation(context: Context) -> dict[str, Any]:
    """Inside a territory's space: its name and its sections. Nothing elsewhere. No query beyond the breadcrumb's.

    Sections are those that apps register; every space has them all.
    """
    page = context.get("page")
    space = getattr(page, "space", None)
    if space is None or space.territory.level == Level.NATION:
        return {"space": None}
    path, base = context["request"].path, space.page.get_url(context["request"])
    entries = [MenuItem(section.title, f"{base}{section.slug}/") for section in registered_sections()]
    return {
        "space": space,
        "home": {"title": "Accueil de l’espace", "url": base, "exact": path == base, "current": path == base},
        "entries": [_entry(item, path) for item in entries],
    }


@register.inclusion_tag("partials/footer.html", takes_context=True)
def footer(context: Context) -> dict[str, Any]:
    return {"chrome": context["chrome"], "state_sites": STATE_SITES}


@register.simple_tag
def theme_modal() -> SafeString:
    labels = (("light", "Thème clair"), ("dark", "Thème sombre"), ("system", "Système"))
    return constant("partials/theme_modal.html", themes=labels)


@register.simple_tag
def constant(name: str, **values: Any) -> SafeString:
    """The template ``name`` of ``values`` that never change: written once a process, or on each page in DEBUG."""
    return (_written.__wrapped__ if settings.DEBUG else _written)(name, **values)


@cache
def _written(name: str, **values: Any) -> SafeString:
    return SafeString(get_template(name).render(values))


# --- Content ----------------------------------------------------------------------------------------------------------
@register.filter
def fr_date(value: date | datetime | None) -> str:
    """« 3 mars 2026 », « 1er mars 2026 »; a moment is given in the current time zone. Empty for None."""
    if not value:
        return ""
    return _day_text(timezone.localtime(value).date() if isinstance(value, datetime) else value)


@lru_cache(maxsize=1000)
def _day_text(day: date) -> str:
    text = date_format(day, "j F Y")
    return f"1er{text[1:]}" if day.day == 1 else text


@register.filter
def shortened(text: str, length: int) -> str:
    """``text`` in ``length`` characters at the most, an ellipsis at its end where it is longer.

    ``truncatechars`` gives the same and looks at each character, which is a tenth of what a card costs.
    """
    text = normalize("NFC", str(text))
    return text if len(text) <= length else f"{text[: length - 1]}…"


# The kinds whose date is that of their publication, and what stands for the picture of a page without one.
_DATED = (ContentKind.NEWS, ContentKind.INITIATIVE, ContentKind.LETTER)
# Several a kind, so that a row of cards without images is not one drawing repeated.
_KIND_PICTOGRAMS = {
    ContentKind.NEWS: ("notification", "community", "internet", "human-cooperation", "city-hall"),
    ContentKind.EVENT: ("calendar", "community", "video"),
    ContentKind.RESOURCE: ("self-training", "book", "document-download", "catalog", "application"),
    ContentKind.INITIATIVE: ("innovation", "human-cooperation", "ecosystem", "map-pin", "leaf"),
    ContentKind.LETTER: ("mail-send",),
    ContentKind.DOSSIER: ("map", "contract"),
    ContentKind.SPACE: ("location-france",),
    ContentKind.HELP: ("information",),
    ContentKind.PAGE: ("document",),
}


def _kind(item: Any) -> str:
    return str(getattr(item, "fact_kind", ContentKind.PAGE))


def _prefetched(item: Any, name: str) -> list[Any]:
    """The related objects of ``item`` if a list prefetched them; a card never asks the database itself."""
    return list(getattr(item, "_prefetched_objects_cache", {}).get(name, ()))


@register.simple_tag(takes_context=True)
def card(context: Context, item: Any) -> SafeString:
    """The card of a page of content, as ``partials/card.html`` says; ``heading``, ``show_kind`` and ``hide_territory``
    come from the context. No query.
    """
    request, heading = context.get("request"), str(context.get("heading") or "h3")
    fact = item._state.fields_cache.get("fact")
    kind, lead = _kind(item), getattr(item, "lead", "")
    badges = SafeString("")
    if context.get("show_kind"):
        badges = format_html(
            '<li><p class="fr-badge fr-badge--sm fr-badge--no-icon portal-kind portal-kind--{}">{}</p></li>',
            kind,
            ContentKind(kind).label,
        )
    if fact and fact.territory and not context.get("hide_territory"):
        badges += format_html("<li>{}</li>", territory_badge(fact.territory))
    themes = ", ".join(str(theme) for theme in _prefetched(item, "themes")[:2])
    return format_html(
        _CARD,
        heading=heading,
        url=item.get_url(request),
        title=item.title,
        lead=format_html('<p class="fr-card__desc">{}</p>', shortened(lead, 180)) if lead else "",
        badges=format_html('<ul class="fr-badges-group fr-badges-group--sm">{}</ul>', badges) if badges else "",
        date=_card_date(timezone.localtime(fact.date).date()) if fact and kind in _DATED else "",
        themes=format_html(_CARD_THEMES, themes) if themes else "",
        image=card_image(item),
    )


_CARD = (
    '<div class="fr-card fr-enlarge-link portal-card"><div class="fr-card__body"><div class="fr-card__content">'
    '<{heading} class="fr-card__title"><a href="{url}">{title}</a></{heading}>{lead}'
    '<div class="fr-card__start">{badges}{date}</div>{themes}</div></div>'
    '<div class="fr-card__header"><div class="fr-card__img">{image}</div></div></div>'
)
_CARD_THEMES = '<div class="fr-card__end"><p class="fr-card__detail fr-icon-bookmark-line">{}</p></div>'


@lru_cache(maxsize=1000)
def _card_date(day: date) -> SafeString:
    return format_html(
        '<p class="fr-card__detail fr-icon-calendar-line"><time datetime="{}">{}</time></p>',
        day.isoformat(),
        _day_text(day),
    )


@register.simple_tag
def card_image(item: Any) -> SafeString:
    """The image of a card in two widths, with its size said (nothing moves when it comes); a drawing without one."""
    if not getattr(item, "image_id", None):
        drawings = _KIND_PICTOGRAMS[ContentKind(_kind(item))]
        return format_html(
            '<div class="portal-card-drawing portal-kind--{}">{}</div>',
            _kind(item),
            pictogram(drawings[(item.pk or 0) % len(drawings)]),
        )
    renditions = card_renditions(item.image)
    first = renditions[0]
    return format_html(
        '<img class="fr-responsive-img" src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" loading="lazy" '
        'decoding="async">',
        first.url,
        ", ".join(f"{rendition.url} {rendition.width}w" for rendition in renditions),
        CARD_SIZES,
        first.width,
        first.height,
        "" if getattr(item, "image_decorative", False) else getattr(item, "image_alt", ""),
    )


@register.filter
def inhabitants(value: int | None) -> str:
    """« 413 690 habitants », with the spaces French puts inside numbers. Empty where the population is unknown."""
    if not value:
        return ""
    number = f"{value:,}".replace(",", "\u202f")
    return f"{number}\u00a0habitant{'s' if value > 1 else ''}"


@register.simple_tag
def territory_badge(territory: Territory | None) -> SafeString | str:
    """A badge with the territory's name; « National » for the whole country."""
    if territory is None:
        return ""
    name = "National" if territory.level == Level.NATION else territory.name
    return format_html('<p class="fr-badge fr-badge--sm portal-territory">{}</p>', name)


@cache
def _pictogram_file(name: str) -> str:
    """The path under ``pictograms/`` of the DSFR pictogram ``name`` ("map", "calendar"…). KeyError if there is none."""
    files = {path.stem: f"{path.parent.name}/{path.name}" for path in sorted(_PICTOGRAMS.glob("*/*.svg"))}
    return files[name]


@register.simple_tag
@cache
def pictogram(name: str) -> SafeString:
    """A decorative DSFR pictogram, in the colours of the theme."""
    url = static(f"dsfr/dist/artwork/pictograms/{_pictogram_file(name)}")
    uses = "".join(
        f'<use class="fr-artwork-{part}" href="{url}#artwork-{part}"></use>'
        for part in ("decorative", "minor", "major")
    )
    return mark_safe(  # noqa: S308 - the name is one of the bundled files
        f'<svg aria-hidden="true" class="fr-artwork" viewBox="0 0 80 80" width="80" height="80">{uses}</svg>'
    )


@register.simple_tag
def portal_name() -> str:
    """The portal's name, where no request says which site it is (mails)."""
    return settings.WAGTAIL_SITE_NAME
