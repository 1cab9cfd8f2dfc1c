"""The accounts of the demonstration: one a role. They can exist only with DEBUG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.accounts.enums import Role

PASSWORD = "demonstration"  # noqa: S105


@dataclass(frozen=True)
class DemoAccount:
    """``territory`` is a key ("departement-40"); ``role`` None is a person with a territory and no role."""

    email: str
    first_name: str
    last_name: str
    role: Role | None
    territory: str
    description: str
    #: Of a depositor; the demonstration's own where none is named.
    organisation: str = ""


_ROWS: tuple[tuple[Any, ...], ...] = (
    ("admin", "Administration", "nationale", Role.ADMIN_NATIONAL, "nation-FR", "administration nationale"),
    ("editeur", "Édition", "Landes", Role.EDITOR, "departement-40", "édition, Landes"),
    ("editrice", "Relecture", "Landes", Role.EDITOR, "departement-40", "édition, Landes (relit ce que l’autre écrit)"),
    ("regional", "Édition", "Nouvelle-Aquitaine", Role.EDITOR, "region-75", "édition, Nouvelle-Aquitaine"),
    ("expediteur", "Envoi", "Nouvelle-Aquitaine", Role.SENDER, "region-75", "envoi de lettres, Nouvelle-Aquitaine"),
    ("instructeur", "Instruction", "Landes", Role.INSTRUCTOR, "departement-40", "instruction, Landes"),
    ("signataire", "Signature", "Landes", Role.INSTRUCTOR, "departement-40", "instruction, Landes (signe)"),
    ("prefecture", "Instruction", "Région", Role.INSTRUCTOR, "region-75", "instruction, Nouvelle-Aquitaine"),
    ("avis", "Avis", "Solidarnum", Role.ADVISOR, "region-75", "avis sur des dossiers, hub de Nouvelle-Aquitaine"),
    ("contributeur", "Contribution", "Landes", Role.CONTRIBUTOR, "departement-40", "contribution, Landes"),
    ("depositaire", "Dépôt", "Landes", Role.DEPOSITOR, "departement-40", "dépôt, une organisation des Landes"),
    (
        "intercommunalite", "Dépôt", "Grand Dax", Role.DEPOSITOR, "departement-40", "dépôt, le Grand Dax",
        "Communauté d’agglomération du Grand Dax",
    ),
    ("mediateur", "Médiation", "Landes", None, "departement-40", "médiation numérique, Landes"),
)  # fmt: skip
ACCOUNTS = tuple(DemoAccount(f"{name}@exemple.fr", *rest) for name, *rest in _ROWS)
