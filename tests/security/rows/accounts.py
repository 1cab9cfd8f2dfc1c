"""Accounts, roles and what is one's own."""

from ..matrix import HOME, SIGN_IN, Line

TABLE: dict[str, list[Line]] = {
    "Sign-in and account": [
        # Who is signed in already is led to their account.
        ("everybody", (200, 302), (200, 302), "account_login account_signup"),
        ("everybody", (200, 302), 302, "account_logout"),
        ("everybody", 200, 405, "account_inactive account_email_verification_sent account_reset_password_done"),
        ("everybody", 200, 405, "account_reset_password_from_key_done"),
        ("everybody", 200, 200, "account_reset_password account_reset_password_from_key"),
        ("everybody", 200, 404, "account_confirm_email"),
        ("everybody", SIGN_IN, SIGN_IN, "page_login wagtailcore_login"),
        ("signed-in", 200, 405, "account profile"),
        ("signed-in", 200, 200, "profile-step account_reauthenticate account_change_password"),
        ("signed-in", 302, 302, "welcome"),
        # The walk's step is the questionnaire, where nothing is obligatory.
        ("signed-in", 200, 302, "welcome-step"),
        ("signed-in", 200, 302, "account_email"),
        ("signed-in", 302, 302, "account_set_password account_confirm_login_code"),
        ("everybody", 200, 200, "request-sign-in-link"),
        ("everybody", 200, 405, "sign-in-link-sent"),
        # The walk has no true link: 410.
        ("everybody", 410, 410, "sign-in-link"),
        # Off as long as the environment names no provider: tests/accounts has it on.
        ("everybody", 404, 404, "proconnect_login proconnect_callback"),
        ("everybody", 404, 405, "proconnect-signed-out"),
        ("signed-in", 200, 200, "socialaccount_connections"),
        ("everybody", 200, 405, "socialaccount_login_cancelled"),
        ("everybody", 401, 405, "socialaccount_login_error"),
        ("everybody", SIGN_IN, SIGN_IN, "socialaccount_signup"),
        # Part of a sign-in under way: who is signed in is led on.
        ("signed-in", 302, 302, "step-up-code mfa_authenticate mfa_reauthenticate"),
        ("everybody", (302, SIGN_IN), (302, SIGN_IN), "mfa_login_webauthn"),
        ("signed-in", 200, 302, "usersessions_list"),
        # What the second factor does is asked a moment after a sign-in: tests/accounts/test_mfa.py has the rest.
        ("signed-in", 200, 405, "mfa_index mfa_list_webauthn"),
        ("signed-in", 200, 200, "mfa_activate_totp mfa_add_webauthn"),
        ("signed-in", 200, 302, "mfa_reauthenticate_webauthn mfa_generate_recovery_codes"),
        ("signed-in", 404, 405, "mfa_view_recovery_codes mfa_download_recovery_codes"),
        ("signed-in", 404, 404, "mfa_deactivate_totp"),
        ("owner", 200, 302, "mfa_remove_webauthn"),
        ("owner", 200, 200, "mfa_edit_webauthn"),
        ("admin", HOME, HOME, "admin_login wagtailadmin_login"),
        ("nobody", 404, 404, "wagtailadmin_password_reset wagtailadmin_password_reset_done"),
        ("nobody", 404, 404, "wagtailadmin_password_reset_confirm wagtailadmin_password_reset_complete"),
    ],
    "Invitations": [
        # Each reader finds there whom they may see: tests/accounts/test_directory.py.
        ("signed-in", 200, 405, "directory"),
        ("export-contacts", 405, (200, 302), "directory-export"),
        # A POST names a profile of the reader's territories, or finds none.
        ("keep-organisations", 200, 404, "organisation-claims"),
        ("team", 200, 405, "team"),
        ("team", 200, 200, "team-invite"),
        # The walk's invitation is to contribute.
        ("invite-contributors", 405, 302, "invitation-resend invitation-revoke"),
        # The signed link is the right, for its own address: somebody else is told so (403).
        ("everybody", 200, (200, 403), "invitation"),
    ],
    "« Mon espace » and one's own data": [
        ("signed-in", 200, 405, "dashboard personal-data:data"),
        ("signed-in", 200, 200, "personal-data:export personal-data:erase"),
        # The signed link is the right.
        ("everybody", 200, SIGN_IN, "personal-data:cancel"),
    ],
    "Notifications": [
        ("signed-in", 200, 405, "notifications:list"),
        ("signed-in", 405, 302, "notifications:read-all"),
        ("owner", 405, 302, "notifications:open notifications:read"),
        ("signed-in", 200, 200, "notifications:preferences"),
        # The signed link is the right.
        ("everybody", 200, 200, "notifications:mute"),
    ],
    "Journal": [
        ("audit", 200, 405, "audit_log"),
        ("audit", 405, 200, "audit_log_export"),
    ],
    "People, roles and organisations": [
        ("national", 200, 302, "second-factor-reset"),
        ("national", 200, 405, "accounts_user_modeladmin_index"),
        ("national", 200, 200, "accounts_user_modeladmin_create"),
        ("national", 200, 302, "accounts_user_modeladmin_edit"),
        ("nobody", HOME, HOME, "accounts_user_modeladmin_delete accounts_membership_modeladmin_edit"),
        ("memberships", 200, 405, "accounts_membership_modeladmin_index"),
        ("memberships", 200, 200, "accounts_membership_modeladmin_create"),
        ("memberships", 200, 302, "accounts_membership_modeladmin_delete"),
        ("organisations", 200, 405, "accounts_organisation_modeladmin_index"),
        ("organisations", 200, 200, "accounts_organisation_modeladmin_create accounts_organisation_modeladmin_edit"),
        ("nobody", HOME, HOME, "accounts_organisation_modeladmin_delete"),
    ],
}
