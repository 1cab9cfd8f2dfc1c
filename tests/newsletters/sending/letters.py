"""A letter as the sending part gets it: frozen strings with marks. Made here, so that sending is tested by itself."""

from __future__ import annotations

from newsletters.sending import marks

LINKS = {1: 101, 2: 102, 3: 103}


def make_html(weight: int = 4_000) -> str:
    """HTML with every kind of mark, of about ``weight`` bytes."""
    rows, number = [], 0
    head = (
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8"><title>Lettre</title>\n'
        "<style>\n.colonne { width: 100% }\n.titre { color: #000091 }\n</style></head>\n<body>\n"
        f"<p>Bonjour {marks.variable('nom', 'à vous')}, de {marks.variable('organisation')}.</p>\n"
    )
    size = len(head)
    while size < weight:
        number += 1
        row = (
            f'<table role="presentation"><tr><td style="padding: 8px"><a href="{marks.link(number % 3 + 1)}">'
            f"Élément n° {number} : l’accès aux droits près de chez vous</a></td></tr></table>\n"
        )
        rows.append(row)
        size += len(row) + 40
    foot = (
        f'<p><a href="{marks.address(marks.UNSUBSCRIBE)}">Se désabonner</a> · '
        f'<a href="{marks.address(marks.PREFERENCES)}">Mes préférences</a></p>\n'
        f"{marks.address(marks.PIXEL)}</body></html>\n"
    )
    return head + "".join(rows) + foot


TEXT = (
    f"Bonjour {marks.variable('nom', 'à vous')},\n\n.Une ligne qui commence par un point\n"
    f"Élément : l’accès aux droits\n  {marks.link(1)}\n\nVous recevez « {marks.variable('liste')} ».\n"
    f"Se désabonner : {marks.address(marks.UNSUBSCRIBE)}\nPréférences : {marks.address(marks.PREFERENCES)}\n"
)
SUBJECT = "La lettre d’été : l’essentiel"
