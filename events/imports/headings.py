"""Headings of tables, and the words of their columns of codes, in French and in English."""

from __future__ import annotations

from ..enums import Mode, Status
from .french import key_of

# Field: headings, without accents nor punctuation, that mean it. The first that fits is taken.
HEADINGS: dict[str, tuple[str, ...]] = {
    "uid": ("uid", "identifiant", "id", "identifiant unique", "reference", "ref", "cle", "slug", "event id"),
    "title": ("titre", "title", "nom", "name", "intitule", "evenement", "nom de l evenement", "titre de l evenement",
              "subject", "objet", "summary", "event", "event name", "libelle", "nom evenement"),
    "start": ("debut", "start", "date et heure de debut", "date heure debut", "dtstart", "start datetime",
              "date heure de debut", "horodatage debut", "commence le"),
    "end": ("fin", "end", "date et heure de fin", "date heure fin", "dtend", "end datetime", "date heure de fin",
            "finit le"),
    "start_date": ("date de debut", "date debut", "start date", "date", "jour", "du", "le", "date de l evenement",
                   "day", "date start"),
    "start_time": ("heure de debut", "heure debut", "start time", "heure", "horaire", "horaires", "time", "de",
                   "debut heure", "hour", "heures"),
    "end_date": ("date de fin", "date fin", "end date", "au", "jusqu au", "date end"),
    "end_time": ("heure de fin", "heure fin", "end time", "a", "jusqu a", "fin heure"),
    "time_zone": ("fuseau", "fuseau horaire", "timezone", "time zone", "tz"),
    "text": ("description", "texte", "text", "resume", "detail", "details", "presentation", "contenu", "notes",
             "description longue", "descriptif", "body"),
    "location": ("lieu", "location", "nom du lieu", "place", "venue", "where", "salle", "endroit", "lieu nom"),
    "address": ("adresse", "address", "rue", "adresse du lieu", "adresse postale", "street"),
    "postal_code": ("code postal", "cp", "postal code", "postcode", "zip", "zip code"),
    "city": ("ville", "commune", "city", "town", "localite"),
    "insee": ("code insee", "insee", "code commune"),
    "latitude": ("latitude", "lat", "y"),
    "longitude": ("longitude", "lon", "lng", "long", "x"),
    "geo": ("coordonnees", "geo", "gps", "coordonnees gps", "geolocalisation", "geo point", "geopoint"),
    "url": ("url", "lien", "link", "site", "site web", "page", "web", "page web", "adresse web"),
    "join_url": ("lien de connexion", "lien visio", "visio", "visioconference", "join url", "lien de visioconference",
                 "meeting url", "lien zoom", "lien teams", "online link"),
    "registration_url": ("inscription", "lien d inscription", "lien inscription", "registration", "registration url",
                         "billetterie", "url inscription"),
    "categories": ("categories", "categorie", "category", "themes", "theme", "mots cles", "tags", "thematique",
                   "thematiques", "keywords", "type"),
    "organiser": ("organisateur", "organizer", "organiser", "structure", "organisation", "porteur", "contact"),
    "status": ("statut", "status", "etat"),
    "mode": ("mode", "modalite", "modalites", "format", "presentiel distanciel"),
    "image": ("image", "photo", "visuel", "illustration", "affiche", "image url"),
    "all_day": ("toute la journee", "journee entiere", "all day", "all day event", "journee"),
    "modified": ("modifie le", "date de modification", "mis a jour", "mise a jour", "updated", "updated at",
                 "last modified", "derniere modification"),
}  # fmt: skip
FIELDS = tuple(HEADINGS)
STATUSES = {
    "annule": Status.ANNULE,
    "cancelled": Status.ANNULE,
    "canceled": Status.ANNULE,
    "reporte": Status.REPORTE,
    "postponed": Status.REPORTE,
    "tentative": Status.REPORTE,
    "complet": Status.COMPLET,
    "full": Status.COMPLET,
    "reprogramme": Status.REPROGRAMME,
    "rescheduled": Status.REPROGRAMME,
    "passe en ligne": Status.PASSE_EN_LIGNE,
}
MODES = {
    "sur place": Mode.SUR_PLACE,
    "presentiel": Mode.SUR_PLACE,
    "en presentiel": Mode.SUR_PLACE,
    "in person": Mode.SUR_PLACE,
    "offline": Mode.SUR_PLACE,
    "en ligne": Mode.EN_LIGNE,
    "distanciel": Mode.EN_LIGNE,
    "a distance": Mode.EN_LIGNE,
    "visio": Mode.EN_LIGNE,
    "visioconference": Mode.EN_LIGNE,
    "webinaire": Mode.EN_LIGNE,
    "online": Mode.EN_LIGNE,
    "hybride": Mode.HYBRIDE,
    "mixte": Mode.HYBRIDE,
    "hybrid": Mode.HYBRIDE,
}
YES = frozenset(("oui", "yes", "true", "vrai", "1", "x", "o", "y"))


def guess_mapping(headers: list[str]) -> dict[str, str]:
    """Field by field, the heading that seems to hold it; fields that none does are absent."""
    keys = {header: key_of(header) for header in headers}
    mapping: dict[str, str] = {}
    taken: set[str] = set()
    for field, names in HEADINGS.items():
        for name in names:
            found = next((header for header in headers if keys[header] == name and header not in taken), None)
            if found is not None:
                mapping[field] = found
                taken.add(found)
                break
    # « Début » beside « Heure de début » is a date alone.
    for whole, day, hour in (("start", "start_date", "start_time"), ("end", "end_date", "end_time")):
        if whole in mapping and day not in mapping and hour in mapping:
            mapping[day] = mapping.pop(whole)
    return mapping
