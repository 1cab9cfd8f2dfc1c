"""The document of rights says what the code says."""

from .document import PATH, document


def test_the_document_is_up_to_date():
    assert PATH.read_text() == document(), "write it again: make permissions"
