"""The vocabulary of resources, word for word that of the field (docs/resources.md)."""

from __future__ import annotations

from django.db import models


class ResourceType(models.TextChoices):
    PEDAGOGIQUE = "ressource-pedagogique", "Ressource pédagogique"
    OUTIL = "outil-numerique", "Outil numérique"
    ANNUAIRE = "annuaire", "Annuaire"
    ARTICLE = "article", "Article"
    BOITE_A_OUTILS = "boite-a-outils", "Boîte à outils"
    INFOGRAPHIE = "infographie", "Infographie"
    METHODOLOGIE = "methodologie", "Méthodologie"
    QUESTIONNAIRE = "questionnaire", "Questionnaire"
    VIDEO = "video-ou-webinaire", "Vidéo ou webinaire"
    PARCOURS = "parcours-de-formation", "Parcours de formation"


class TrainingCategory(models.TextChoices):
    """The four categories of « Me former »."""

    ACCOMPAGNEMENTS = "perfectionner-mes-accompagnements", "Perfectionner mes accompagnements"
    ECHANGES = "fluidifier-mes-echanges", "Fluidifier mes échanges avec les usagers"
    METIER = "faire-evoluer-mon-metier", "Faire évoluer mon métier"
    CONNAISSANCES = "ameliorer-mes-connaissances", "Améliorer mes connaissances en numérique"


class BeneficiaryCode(models.TextChoices):
    """The people a resource serves in the end (not those who use it with them)."""

    TOUS = "tous-publics", "Tous publics"
    ENFANTS = "enfants-mineurs", "Enfants mineurs"
    ADULTES = "adultes", "Adultes"
    SENIORS = "seniors", "Seniors"
    PARENTS = "parents", "Parents"
    ELOIGNES = "tres-eloignes-du-numerique", "Personnes très éloignées du numérique"
    HANDICAP = "handicap-ou-perte-d-autonomie", "En situation de handicap ou de perte d’autonomie"
    INSERTION = "en-insertion", "En insertion"
    ILLETTRISME = "illettrisme", "En situation d’illettrisme"
    ALLOPHONES = "allophones", "Allophones"


class ResourceLevel(models.TextChoices):
    DEBUTANT = "debutant", "Débutant"
    INTERMEDIAIRE = "intermediaire", "Intermédiaire"
    AVANCE = "avance", "Avancé"


class Licence(models.TextChoices):
    OUVERTE = "licence-ouverte-2.0", "Licence Ouverte 2.0"
    CC_BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC_BY_NC_SA = "cc-by-nc-sa-4.0", "CC BY-NC-SA 4.0"
    TOUS_DROITS = "tous-droits-reserves", "Tous droits réservés"

    @property
    def url(self) -> str:
        """The address of the licence's text; empty where all rights are reserved."""
        return _LICENCE_URLS.get(self, "")


_LICENCE_URLS: dict[Licence, str] = {
    Licence.OUVERTE: "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/deed.fr",
    Licence.CC_BY_NC_SA: "https://creativecommons.org/licenses/by-nc-sa/4.0/deed.fr",
}


class Language(models.TextChoices):
    """BCP 47 tags; ``mul`` (ISO 639-2) is a document in several languages."""

    FR = "fr", "Français"
    EN = "en", "Anglais"
    ES = "es", "Espagnol"
    DE = "de", "Allemand"
    PT = "pt", "Portugais"
    AR = "ar", "Arabe"
    UK = "uk", "Ukrainien"
    FSL = "fsl", "Langue des signes française"
    MUL = "mul", "Plusieurs langues"


class DocumentAccessibility(models.TextChoices):
    """What is known of the accessibility of the document itself (RGAA 4.1, critère 13.3)."""

    UNKNOWN = "non-evaluee", "Non évaluée"
    FULL = "accessible", "Accessible"
    PARTIAL = "partielle", "Partiellement accessible"
    NONE = "non-accessible", "Non accessible, version alternative sur demande"


class FileFormat(models.TextChoices):
    """Families of file formats, as readers look for them."""

    PDF = "pdf", "PDF"
    TEXT = "texte", "Document texte"
    SHEET = "tableur", "Tableur"
    SLIDES = "presentation", "Présentation"
    OTHER = "autre", "Autre format"

    @classmethod
    def of(cls, filename: str) -> FileFormat:
        """The family of a file's name, by its extension."""
        return _FAMILIES.get(filename.rpartition(".")[2].lower(), cls.OTHER)


_FAMILIES: dict[str, FileFormat] = {
    "pdf": FileFormat.PDF,
    "doc": FileFormat.TEXT,
    "docx": FileFormat.TEXT,
    "odt": FileFormat.TEXT,
    "rtf": FileFormat.TEXT,
    "txt": FileFormat.TEXT,
    "csv": FileFormat.SHEET,
    "ods": FileFormat.SHEET,
    "xls": FileFormat.SHEET,
    "xlsx": FileFormat.SHEET,
    "odp": FileFormat.SLIDES,
    "ppt": FileFormat.SLIDES,
    "pptx": FileFormat.SLIDES,
}
