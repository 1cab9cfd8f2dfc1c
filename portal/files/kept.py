"""A field whose files survive: what was sent and is good stays with the form, whatever else is wrong with it.

Browsers never fill a file field again. So a good file is stored as the form is cleaned, and the form that comes back
names it; what no form was completed with is deleted some days later (``portal.files.retention``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from portal.accounts.models import User

from .forms import CheckedFileField, SeveralFilesInput
from .models import StoredFile
from .refusal import FileRefused
from .services import keep_file, store_upload


@dataclass
class Sent:
    """What a form sent for one field: identifiers of files kept from before, those to take out, and new uploads."""

    kept: list[str]
    removed: set[str]
    uploads: list[Any]

    def __bool__(self) -> bool:
        return bool(self.kept or self.uploads)


class StoredFilesInput(SeveralFilesInput):
    """The files that are there already, each with a box that takes it out, and an input for more. No script needed."""

    template_name = "files/widgets/stored_files.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, several: bool = True) -> None:
        super().__init__(attrs)
        self.several = several

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        listed = data.getlist if hasattr(data, "getlist") else lambda key: data.get(key, [])
        uploads = super().value_from_datadict(data, files, name)
        return Sent(list(listed(f"{name}-kept")), set(listed(f"{name}-removed")), uploads)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and f"{name}-kept" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        context["widget"]["kept"] = [each for each in value or [] if isinstance(each, StoredFile)]
        if not self.several:
            context["widget"]["attrs"].pop("multiple", None)
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # The browser would ask again for a file that is kept.


class StoredFilesField(CheckedFileField):
    """Files as :class:`StoredFile`, at most ``max_files`` (with 1, a new one takes the place of the former).

    Gives a list, in the order they were sent. ``initial`` is an iterable of StoredFile. The form says whose they are::

        self.fields["pieces"].belong_to(actor=request.user, purpose="contribution")
    """

    def __init__(self, *, max_files: int = 10, accept: Collection[str] | None = None, **kwargs: Any) -> None:
        self.max_files = max_files
        self.actor: User | None = None
        self.purpose = ""
        #: What stays with the form: read once it was cleaned, when it is shown again.
        self.found: list[StoredFile] = []
        kwargs.setdefault("widget", StoredFilesInput(several=max_files > 1))
        super().__init__(accept=accept, **kwargs)

    def belong_to(self, *, actor: User, purpose: str) -> None:
        """Whose files these are, and what for: nobody has another's file kept."""
        self.actor, self.purpose = actor, purpose

    def clean(self, data: Any, initial: Any = None) -> list[StoredFile]:
        """Side effects: good uploads are stored at once. Raises ValidationError with a sentence for each bad one."""
        assert self.actor is not None, "Say whose the files are: belong_to()."
        sent = data if isinstance(data, Sent) else Sent([], set(), [])
        known = {str(each.pk): each for each in initial or []}
        self.found, errors = [], []
        for identifier in dict.fromkeys(sent.kept):
            if identifier in sent.removed:
                continue
            try:
                # A file of what is being changed may be another member's.
                self.found.append(known.get(identifier) or self._kept(identifier))
            except FileRefused as refusal:
                errors.append(refusal)
        room = self.max_files - (len(self.found) if self.max_files > 1 else 0)
        for upload in sent.uploads[: max(room, 0)]:
            try:
                stored = store_upload(
                    actor=self.actor, upload=upload, purpose=self.purpose, accept=self.accept, limit=self.limit
                )
                self.found = [*self.found, stored] if self.max_files > 1 else [stored]
            except FileRefused as refusal:
                name = getattr(upload, "name", "") or "fichier"
                errors.append(FileRefused(f"« {name} » : {refusal.message}", refusal.code or ""))
        if len(sent.uploads) > room:
            errors.append(FileRefused(f"C’est trop de fichiers. Maximum : {self.max_files}.", "too_many"))
        if errors:
            raise ValidationError(errors)
        if self.required and not self.found:
            raise ValidationError(self.error_messages["required"], code="required")
        return self.found

    def _kept(self, identifier: str) -> StoredFile:
        assert self.actor is not None
        with transaction.atomic():
            return keep_file(actor=self.actor, file_id=identifier, purpose=self.purpose)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return self.found

    def has_changed(self, initial: Any, data: Any) -> bool:
        sent = data if isinstance(data, Sent) else Sent([], set(), [])
        return bool(sent.uploads) or [str(each.pk) for each in initial or []] != [
            each for each in sent.kept if each not in sent.removed
        ]
