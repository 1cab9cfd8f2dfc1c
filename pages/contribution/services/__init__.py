"""Every change of a proposal is one function here."""

from .corrections import apply_correction, propose_correction
from .drafts import add_file, delete_draft, remove_file, save_draft, start_draft
from .errors import DraftConflict, InvalidProposal, ProposalError
from .joining import join_files
from .submission import log_refusal, resubmit_proposal, submit_proposal, withdraw_proposal

__all__ = [
    "DraftConflict",
    "InvalidProposal",
    "ProposalError",
    "add_file",
    "apply_correction",
    "delete_draft",
    "join_files",
    "log_refusal",
    "propose_correction",
    "remove_file",
    "resubmit_proposal",
    "save_draft",
    "start_draft",
    "submit_proposal",
    "withdraw_proposal",
]
