"""What every test finds in its database: a few real territories, the site's fixed pages, the themes.

The whole of France is loaded in ``tests/territories/test_import.py`` only.
"""

from portal.territories.enums import Kind, Level
from portal.territories.models import PostalCode, Territory, TerritoryLink
from portal.territories.text import address_slug, fold

# (level, code, name, kind, population, région, département, other ancestors)
TERRITORIES = [
    ("nation", "FR", "France", "nation", None, None, None, []),
    ("region", "75", "Nouvelle-Aquitaine", "metro", None, None, None, []),
    ("region", "76", "Occitanie", "metro", None, None, None, []),
    ("region", "93", "Provence-Alpes-Côte d'Azur", "metro", None, None, None, []),
    ("region", "84", "Auvergne-Rhône-Alpes", "metro", None, None, None, []),
    ("region", "04", "La Réunion", "drom", None, None, None, []),
    ("departement", "40", "Landes", "metro", None, "75", None, []),
    ("departement", "47", "Lot-et-Garonne", "metro", None, "75", None, []),
    ("departement", "32", "Gers", "metro", None, "76", None, []),
    ("departement", "84", "Vaucluse", "metro", None, "93", None, []),
    ("departement", "974", "La Réunion", "drom", None, "04", None, []),
    ("epci", "244000808", "CA Mont de Marsan Agglomération", "CA", 56042, "75", "40", []),
    ("epci", "244000675", "CA du Grand Dax", "CA", 58036, "75", "40", []),
    ("epci", "200030435", "CC d'Aire-sur-l'Adour", "CC", 12922, "75", "40", [("region", "76"), ("departement", "32")]),
    ("commune", "40192", "Mont-de-Marsan", "commune-actuelle", 31592, "75", "40", [("epci", "244000808")]),
    ("commune", "40088", "Dax", "commune-actuelle", 22109, "75", "40", [("epci", "244000675")]),
    ("commune", "40001", "Aire-sur-l'Adour", "commune-actuelle", 6130, "75", "40", [("epci", "200030435")]),
    ("commune", "32027", "Barcelonne-du-Gers", "commune-actuelle", 1300, "76", "32", [("epci", "200030435")]),
    ("commune", "47001", "Agen", "commune-actuelle", 32801, "75", "47", []),
    ("commune", "84007", "Avignon", "commune-actuelle", 92188, "93", "84", []),
    ("commune", "97411", "Saint-Denis", "commune-actuelle", 155634, "04", "974", []),
]
POSTAL_CODES = [("40000", "40192"), ("40100", "40088"), ("40800", "40001"), ("84000", "84007"), ("97400", "97411")]


def load_territories() -> None:
    """The territories above, with their closure."""
    by_key: dict[tuple[str, str], Territory] = {}
    for level, code, name, kind, population, region, departement, _ in TERRITORIES:
        by_key[level, code] = Territory.objects.create(
            level=level,
            code=code,
            name=name,
            slug=address_slug(name),
            search_name=fold(name),
            kind=Kind(kind),
            population=population,
            region=by_key.get((Level.REGION, region or "")),
            departement=by_key.get((Level.DEPARTEMENT, departement or "")),
            time_zone="Indian/Reunion"
            if code in ("974", "97411") or (level, code) == ("region", "04")
            else "Europe/Paris",
            vintage=2026,
        )
    links = set()
    for level, code, _, _, _, region, departement, others in TERRITORIES:
        above = [("nation", "FR"), (level, code), *others]
        above += [("region", region)] if region else []
        above += [("departement", departement)] if departement else []
        links |= {(by_key[key].pk, by_key[level, code].pk) for key in above}
    TerritoryLink.objects.bulk_create(TerritoryLink(ancestor_id=a, descendant_id=d) for a, d in sorted(links))
    PostalCode.objects.bulk_create(
        PostalCode(code=code, commune=by_key[Level.COMMUNE, commune]) for code, commune in POSTAL_CODES
    )


def load_baseline() -> None:
    """Territories, then the site with its national space."""
    from pages.services import ensure_site

    load_territories()
    ensure_site()
