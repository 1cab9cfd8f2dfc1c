"""Accounts: sign-in, second factor, ProConnect, invitations, the life of an account (docs/sign-in.md)."""

from .environment import SITE_URL, env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.LoginForm",
    "signup": "portal.accounts.forms.SignupForm",
    "add_email": "portal.accounts.forms.AddEmailForm",
    "change_password": "portal.accounts.forms.ChangePasswordForm",
    "set_password": "portal.accounts.forms.SetPasswordForm",
    "reset_password": "portal.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "portal.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "portal.accounts.forms.ReauthenticateForm",
}
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "telephone"
ACCOUNT_CHANGE_EMAIL = True  # One address a person; a new one replaces it once confirmed.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A sensitive act asks again who one is, once the last proof is older than this (docs/sign-in.md).
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # Before another address too: it is a way to another password.
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https") else "http"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "portal.accounts.tokens.PasswordResetTokens"  # noqa: S105 - a class
SOCIALACCOUNT_ADAPTER = "portal.accounts.proconnect.adapter.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # A new account accepts the conditions of use, whichever way it comes.
SOCIALACCOUNT_FORMS = {"signup": "portal.accounts.proconnect.forms.ProConnectSignupForm"}
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
# ProConnect (docs/sign-in.md): the issuer's address, and what it calls this portal. Absent, so is its button.
PROCONNECT_ISSUER = env("PROCONNECT_ISSUER", default="").rstrip("/")
PROCONNECT_CLIENT_ID = env("PROCONNECT_CLIENT_ID", default="")
PROCONNECT_CLIENT_SECRET = env("PROCONNECT_CLIENT_SECRET", default="")
MFA_ADAPTER = "portal.accounts.mfa.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs in before their address is confirmed. Without it, who has a second factor could not change address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # Clocks of telephones drift: the code before and the one after count too.
MFA_FORMS = {
    "authenticate": "portal.accounts.mfa_forms.AuthenticateForm",
    "reauthenticate": "portal.accounts.mfa_forms.ReauthenticateForm",
    "activate_totp": "portal.accounts.mfa_forms.ActivateTotpForm",
    "add_webauthn": "portal.accounts.mfa_forms.AddPasskeyForm",
    "edit_webauthn": "portal.accounts.mfa_forms.EditPasskeyForm",
}
# Whoever may administer the portal or send letters has a second factor. Only a development set-up may exempt accounts
# (by address), and only with DEBUG; ``check --deploy`` refuses both.
SECOND_FACTOR_REQUIRED = True
SECOND_FACTOR_EXEMPT: tuple[str, ...] = ()
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)  # How long the link of an invitation serves.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Accounts nobody uses are told twice, then erased (docs/personal-data.md); administrators are only told.
INACTIVITY_FIRST_NOTICE_DAYS = env.int("INACTIVITY_FIRST_NOTICE_DAYS", default=700)
INACTIVITY_FINAL_NOTICE_DAYS = env.int("INACTIVITY_FINAL_NOTICE_DAYS", default=730)
INACTIVITY_GRACE_DAYS = env.int("INACTIVITY_GRACE_DAYS", default=30)
INACTIVITY_DISABLED_DAYS = env.int("INACTIVITY_DISABLED_DAYS", default=1095)
