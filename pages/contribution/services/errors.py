"""Why a proposal cannot change. The messages are French, for the person who tried."""

from __future__ import annotations

from portal.core.contribution.forms import ContributionForm

from ...models import Proposal


class ProposalError(Exception):
    """It cannot be done; nothing was changed."""


class DraftConflict(ProposalError):  # noqa: N818 - it is a conflict, told as such
    """The draft was saved elsewhere meanwhile; ``proposal`` is what is kept now."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__("Ce brouillon a été enregistré dans un autre onglet ou sur un autre appareil depuis.")
        self.proposal = proposal


class InvalidProposal(ProposalError):  # noqa: N818 - its form says the errors
    """Something is missing or wrong: ``form`` says what, beside each field."""

    def __init__(self, form: ContributionForm) -> None:
        super().__init__("Des informations manquent ou sont à corriger.")
        self.form = form
