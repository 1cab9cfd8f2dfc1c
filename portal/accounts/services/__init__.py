"""State changes of accounts, one function each, and the groups derived from memberships."""

from .groups import ensure_role_group, sync_all, sync_group, sync_spaces, sync_user
from .memberships import GrantError, disable_user, enable_user, grant_membership, revoke_membership
from .people import create_person

__all__ = [
    "GrantError",
    "create_person",
    "disable_user",
    "enable_user",
    "ensure_role_group",
    "grant_membership",
    "revoke_membership",
    "sync_all",
    "sync_group",
    "sync_spaces",
    "sync_user",
]
