"""Where the screens of this part go back to."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.shortcuts import redirect

from ..enums import Side
from ..models import Dossier
from .notices import dossier_url
from .panels import TO_DOSSIER


def go_back(dossier: Dossier, side: Side | str, own: str, anchor: str, back: str) -> HttpResponseRedirect:
    """To the dossier's screen where the form was shown there, else to this part's own screen (a name of address)."""
    where = dossier_url(dossier, side)
    if back == TO_DOSSIER and where:
        return HttpResponseRedirect(f"{where}#{anchor}")
    return redirect(own, dossier.pk)
