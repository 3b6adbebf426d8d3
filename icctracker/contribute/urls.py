"""Addresses below /desk/."""

from django.urls import path

from . import editing, proposing, searches, views, withdrawing

urlpatterns = [
    path("", views.Desk.as_view(), name="desk"),
    path("evidence/new/", editing.EvidenceCreate.as_view(), name="evidence-create"),
    path("evidence/<int:pk>/", views.DeskEvidence.as_view(), name="desk-evidence"),
    path(
        "evidence/<int:pk>/edit/",
        editing.EvidenceUpdate.as_view(),
        name="evidence-update",
    ),
    path(
        "evidence/<int:pk>/submit/",
        views.EvidenceSubmit.as_view(),
        name="evidence-submit",
    ),
    path(
        "evidence/<int:pk>/discard/",
        views.EvidenceDiscard.as_view(),
        name="evidence-discard",
    ),
    path(
        "evidence/<int:pk>/correct/",
        editing.EvidenceCorrect.as_view(),
        name="evidence-correct",
    ),
    path(
        "evidence/<int:pk>/withdraw/",
        withdrawing.EvidenceWithdraw.as_view(),
        name="evidence-withdraw",
    ),
    path("searches/new/", searches.SearchCreate.as_view(), name="search-create"),
    path(
        "evidence/<int:pk>/finding/",
        proposing.FindingPropose.as_view(),
        name="finding-propose",
    ),
    path("lookup/", views.Lookup.as_view(), name="desk-lookup"),
    path("guidance/", views.FindingGuidance.as_view(), name="finding-guidance"),
]
