"""Signing in, under ``/compte/``: what stands before allauth's own addresses."""

from allauth.account.views import password_set
from django.urls import include, path

from . import mfa_views, sign_in_views
from .proconnect import views as proconnect_views
from .stepup import step_up_required

_SECOND_FACTOR = [
    path("", mfa_views.SecondFactorView.as_view(), name="mfa_index"),
    path("totp/activate/", mfa_views.ActivateTotpView.as_view(), name="mfa_activate_totp"),
    path("webauthn/add/", mfa_views.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path(
        "webauthn/reauthenticate/",
        mfa_views.ReauthenticatePasskeyView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("webauthn/keys/<int:pk>/remove/", mfa_views.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("recovery-codes/", mfa_views.recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/download/", mfa_views.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("", include("allauth.mfa.urls")),
]

_PROCONNECT = [
    path("connexion/", proconnect_views.start, name="proconnect_login"),
    path("retour/", proconnect_views.callback, name="proconnect_callback"),
    path("deconnexion/", proconnect_views.signed_out, name="proconnect-signed-out"),
    path("", proconnect_views.ProConnectAccountView.as_view(), name="socialaccount_connections"),
    path("", include("allauth.socialaccount.urls")),
]

urlpatterns = [
    path("lien/", sign_in_views.request_sign_in_link, name="request-sign-in-link"),
    path("lien/envoye/", sign_in_views.sign_in_link_sent, name="sign-in-link-sent"),
    path("lien/<str:token>/", sign_in_views.sign_in_link, name="sign-in-link"),
    path("confirmer/code/", sign_in_views.StepUpCodeView.as_view(), name="step-up-code"),
    # allauth lets whoever holds the session of an account without a password choose one.
    path("password/set/", step_up_required(password_set), name="account_set_password"),
    path("sessions/", sign_in_views.sessions, name="usersessions_list"),
    path("double-authentification/", include(_SECOND_FACTOR)),
    path("proconnect/", include(_PROCONNECT)),
]
