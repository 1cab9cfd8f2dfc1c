"""The form of a proposal: each POST saves first, then does what its button says. Nothing typed is lost on the way."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.accounts.abilities import get_abilities
from portal.accounts.models import User
from portal.core.contribution import ContributionKind
from portal.core.contribution.forms import ContributionForm
from portal.files.services import FileRefused

from ..models import Proposal, ProposalFile
from . import kept, screens
from .services import (
    DraftConflict,
    InvalidProposal,
    ProposalError,
    add_file,
    log_refusal,
    remove_file,
    save_draft,
    start_draft,
)
from .services.submission import valid_form

ANSWER = "reponse-"


class DraftEditor:
    """One request for the form of ``kind``; ``proposal`` None for one that has no row yet."""

    def __init__(
        self, request: HttpRequest, person: User, kind: ContributionKind, proposal: Proposal | None = None
    ) -> None:
        self.request, self.person, self.kind, self.proposal = request, person, kind, proposal
        self.file_errors: dict[str, list[str]] = {}

    def answer(self) -> HttpResponse:
        return self._post() if self.request.method == "POST" else self._get()

    # --- Reading ----------------------------------------------------------------------------------------------------
    def _get(self) -> HttpResponse:
        if (fields := kept.kept_fields(self.request)) is not None:
            messages.info(self.request, "Voici le texte que vous écriviez : enregistrez-le.")
            return self.show(self._unbound(fields), key=_key((fields.get("cle") or [""])[-1]))
        if self.proposal is not None:
            return self.show(self._unbound(self.proposal.data))
        given = {name: [self.request.GET[name]] for name in ("titre", "territoire") if name in self.request.GET}
        start = {"title": given.get("titre", []), "territory": given.get("territoire", [])}
        return self.show(self._unbound(start))

    def _unbound(self, data: Any) -> ContributionForm:
        return self.kind.form_class().begun_from(data, abilities=get_abilities(self.person))

    def _bound(self, typed: Any) -> ContributionForm:
        return self.kind.form_class().bound_to(typed, abilities=get_abilities(self.person))

    # --- Writing ----------------------------------------------------------------------------------------------------
    def typed(self) -> dict[str, list[str]]:
        """What the form holds, and the answers to what is asked."""
        post = self.request.POST
        answers = {
            name: [post[name].replace("\x00", "")[:2000]]
            for name in post
            if name.startswith(ANSWER) and name[len(ANSWER) :].isdigit()
        }
        return self.kind.form_class().typed(post) | dict(list(answers.items())[:100])

    def save_text(self) -> Proposal:
        """Keep what was typed. Raises :class:`ProposalError`, :class:`DraftConflict` among them."""
        if self.proposal is None:
            key = _key(self.request.POST.get("cle", ""))
            self.proposal = start_draft(actor=self.person, kind=self.kind.key, data=self.typed(), key=key)
            version = self.proposal.version
        else:
            version = _number(self.request.POST.get("version", ""))
        self.proposal = save_draft(proposal=self.proposal, actor=self.person, data=self.typed(), version=version)
        return self.proposal

    def _post(self) -> HttpResponse:
        typed = self.typed()
        try:
            self.save_text()
        except DraftConflict as conflict:
            self.proposal = conflict.proposal
            return self.show(self._unbound(typed), status=409, conflict=self._differences(typed, conflict.proposal))
        except ProposalError as error:
            form = self._bound(typed)
            form.is_valid()
            form.add_error(None, str(error))
            return self.show(form, status=422)
        assert self.proposal is not None
        kept.forget(self.request)
        self._take_files(self.proposal)
        action = self.request.POST.get("action", "")
        if self.file_errors:
            form = self._unbound(typed)
            return self.show(form, status=422)
        if action == "envoyer":
            return self._check()
        if action == "apercu":
            return redirect("contribution:preview", self.proposal.pk)
        if not action.startswith("retirer-"):
            messages.success(self.request, "Votre brouillon est enregistré.")
        return redirect("contribution:edit", self.proposal.pk)

    def _check(self) -> HttpResponse:
        """Whether it may be submitted: what is wrong is said beside each field."""
        assert self.proposal is not None
        try:
            with transaction.atomic():
                valid_form(self.proposal, self.person)
        except InvalidProposal as refusal:
            log_refusal(proposal=self.proposal, actor=self.person, form=refusal.form)
            return self.show(refusal.form, status=422)
        except ProposalError as error:
            form = self._unbound(self.proposal.data)
            return self.show(form, status=422, refusal=str(error))
        return redirect("contribution:submit", self.proposal.pk)

    def _take_files(self, proposal: Proposal) -> None:
        """Take off the files whose button or box says so, then attach those sent: each by itself."""
        for pk in {*self.request.POST.getlist("retirer"), self.request.POST.get("action", "").partition("retirer-")[2]}:
            if pk.isdigit() and len(pk) < 18:
                remove_file(proposal=proposal, actor=self.person, pk=int(pk))
        roles = (("image_file", ProposalFile.Role.IMAGE), ("document_files", ProposalFile.Role.DOCUMENT))
        for name, role in roles:
            for upload in self.request.FILES.getlist(name)[:20]:
                try:
                    add_file(proposal=proposal, actor=self.person, upload=upload, role=role)
                except (FileRefused, ProposalError, ValidationError) as error:
                    told = error.messages if isinstance(error, ValidationError) else [str(error)]
                    self.file_errors.setdefault(name, []).extend(
                        f"« {str(upload.name)[:80]} » : {text}" for text in told
                    )

    def _differences(self, typed: dict[str, list[str]], kept_now: Proposal) -> list[tuple[str, str]]:
        """What the draft kept meanwhile says otherwise, by label of the field."""
        form = self._unbound({})
        return [
            (str(form.fields[name].label), "\n".join(kept_now.data.get(name) or []))
            for name in form.fields
            if (kept_now.data.get(name) or []) != (typed.get(name) or [])
        ]

    # --- The screen -------------------------------------------------------------------------------------------------
    def show(
        self,
        form: ContributionForm,
        *,
        status: int = 200,
        conflict: list[tuple[str, str]] | None = None,
        refusal: str = "",
        key: uuid.UUID | None = None,
    ) -> HttpResponse:
        """The form, with what moderators asked beside each field and what is wrong."""
        proposal = self.proposal
        comments = screens.asked_of(proposal) if proposal is not None else []
        typed = self.typed() if self.request.method == "POST" else (proposal.data if proposal is not None else {})
        asked = screens.by_field(form, comments, typed)
        context = {
            "form": form,
            "kind": self.kind,
            "proposal": proposal,
            "groups": screens.form_groups(form, asked, self.file_errors),
            "asked_about_all": asked.get("", []),
            "asked_count": len(comments),
            "files": list(proposal.files.select_related("file")) if proposal is not None else [],
            "file_errors": self.file_errors,
            "conflict": conflict,
            "refusal": refusal,
            "key": key or uuid.uuid4(),
            "has_errors": bool((form.is_bound and form.errors) or self.file_errors or refusal),
        }
        return render(self.request, "contribution/form.html", context, status=status)


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
