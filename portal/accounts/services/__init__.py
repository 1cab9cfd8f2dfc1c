"""State changes of accounts, one function each, and the groups derived from memberships."""

from .groups import ensure_role_group, sync_all, sync_group, sync_spaces, sync_user
from .memberships import GrantError, check_shape, disable_user, enable_user, grant_membership, revoke_membership
from .people import create_person
from .sign_in import (
    end_sessions,
    forget_ended_sessions,
    forget_sign_in_links,
    reset_second_factor,
    use_sign_in_link,
    user_sessions,
    write_sign_in_link,
)

__all__ = [
    "GrantError",
    "check_shape",
    "create_person",
    "disable_user",
    "enable_user",
    "end_sessions",
    "ensure_role_group",
    "forget_ended_sessions",
    "forget_sign_in_links",
    "grant_membership",
    "reset_second_factor",
    "revoke_membership",
    "sync_all",
    "sync_group",
    "sync_spaces",
    "sync_user",
    "use_sign_in_link",
    "user_sessions",
    "write_sign_in_link",
]
