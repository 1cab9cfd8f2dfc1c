"""Fields of forms that take files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from .refusal import megabytes
from .validators import ALLOWED, check_upload, in_words, max_bytes

MESSAGES = {
    "empty": "Ce fichier est vide (0 octet).",
    "invalid": "Ce fichier n’a pas été reçu comme un fichier ; recommencez.",
    "missing": "Ce fichier n’a pas été reçu ; recommencez.",
}


class CheckedFileField(forms.FileField):
    """One file, looked through as it is cleaned. Gives the ``UploadedFile``, to pass to ``store_upload``.

    ``accept``: extensions; ``limit``: bytes. Both are said under the field, and to the browser.
    """

    def __init__(self, *, accept: Collection[str] | None = None, limit: int | None = None, **kwargs: Any) -> None:
        self.accept = [each for each in ALLOWED if accept is None or each in accept]
        self.limit = limit
        kwargs.setdefault("widget", forms.FileInput)
        super().__init__(**kwargs)
        self.error_messages |= MESSAGES
        self.help_text = kwargs.get("help_text") or self.limits()

    def limits(self) -> str:
        """« PDF, ODT… : 20 Mo au maximum »."""
        return f"Formats acceptés : {in_words(self.accept)}. Taille maximale : {megabytes(self._limit())}."

    def _limit(self) -> int:
        return min(self.limit or max_bytes(), max_bytes())

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": ",".join(f".{each}" for each in self.accept)}

    def to_python(self, data: Any) -> UploadedFile | None:
        if data in self.empty_values:
            return None
        if not hasattr(data, "name") or not hasattr(data, "size"):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        check_upload(data, accept=self.accept, limit=self.limit)
        return data


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input of several files, without the box that clears it."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return files.getlist(name) if hasattr(files, "getlist") else [files[name]] if name in files else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class CheckedFilesField(CheckedFileField):
    """Several files, each looked through. Gives the list of those that are good; errors name the file they are about.

    With one bad file among several the field is in error; the good ones are in ``form.cleaned_data`` no more than
    anything of a field in error, but ``good`` and ``bad`` of the error tell them apart (see :class:`SomeRefused`).
    """

    def __init__(self, *, max_files: int = 10, **kwargs: Any) -> None:
        self.max_files = max_files
        kwargs.setdefault("widget", SeveralFilesInput)
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Any:
        uploads: Sequence[Any] = [each for each in data or [] if each]
        if len(uploads) > self.max_files:
            raise ValidationError(f"{len(uploads)} fichiers, c’est trop. Maximum : {self.max_files}.", "too_many")
        good, errors = [], []
        for upload in uploads:
            try:
                good.append(super().to_python(upload))
            except ValidationError as error:
                name = getattr(upload, "name", "") or "fichier"
                errors += [ValidationError(f"« {name} » : {text}", code=error.code) for text in error.messages]
        if errors:
            raise SomeRefused(errors, good)
        return good


class SomeRefused(ValidationError):  # noqa: N818 - as FileRefused
    """Some files of several were refused; ``good`` holds the others."""

    def __init__(self, errors: list[ValidationError], good: list[Any]) -> None:
        super().__init__(errors)
        self.good = good
