"""Addresses below /account/.

django-allauth looks its own views up by its own names. Those that the rest of the site
links to have a name of ours as well, on the same address.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import path, re_path

from . import addresses, views


def both(route, view, theirs, ours):
    """One address under two names."""
    return [path(route, view, name=theirs), path(route, view, name=ours)]


urlpatterns = [
    path("", views.Profile.as_view(), name="profile"),
    path("email/", addresses.AddressChange.as_view(), name="address-change"),
    path(
        "email/confirm/<str:token>/",
        addresses.AddressConfirm.as_view(),
        name="address-confirm",
    ),
    path(
        "email/undo/<str:token>/",
        addresses.AddressUndo.as_view(),
        name="address-undo",
    ),
    path("mail/", views.MailSettings.as_view(), name="mail-settings"),
    path("mail/off/<str:token>/", views.MailOff.as_view(), name="mail-off"),
    path("close/", views.AccountClose.as_view(), name="account-close"),
    path(
        "invitation/<str:token>/", views.InvitationAccept.as_view(), name="invitation"
    ),
    path("sessions/", views.SessionList.as_view(), name="usersessions_list"),
    *both("sign-in/", views.SignIn.as_view(), "account_login", "sign-in"),
    path("second-step/sign-in/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/closed/", account.account_inactive, name="account_inactive"),
    *both("sign-out/", account.logout, "account_logout", "sign-out"),
    *both(
        "password/",
        account.password_change,
        "account_change_password",
        "password-change",
    ),
    *both(
        "password/reset/",
        account.password_reset,
        "account_reset_password",
        "password-reset",
    ),
    path(
        "password/reset/sent/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "confirm/passkey/",
        passkey.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("second-step/", mfa.index, name="mfa_index"),
    path("second-step/app/", views.AppAdd.as_view(), name="mfa_activate_totp"),
    path("second-step/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-step/passkeys/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path(
        "second-step/passkeys/add/",
        views.PasskeyAdd.as_view(),
        name="mfa_add_webauthn",
    ),
    path(
        "second-step/passkeys/<int:pk>/",
        passkey.edit_webauthn,
        name="mfa_edit_webauthn",
    ),
    path(
        "second-step/passkeys/<int:pk>/remove/",
        passkey.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path(
        "second-step/codes/",
        codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-step/codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-step/codes/recovery-codes.txt",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
