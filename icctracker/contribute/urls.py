"""Addresses below /desk/."""

from django.urls import path

from . import (
    coding,
    editing,
    restoring,
    searches,
    suggestions,
    views,
    withdrawing,
)

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
    path(
        "evidence/<int:pk>/restore/<int:number>/",
        restoring.EvidenceRestore.as_view(),
        name="evidence-restore",
    ),
    path("searches/new/", searches.SearchCreate.as_view(), name="search-create"),
    path("suggestions/", suggestions.SuggestionList.as_view(), name="suggestion-list"),
    path(
        "suggestions/set-aside/",
        suggestions.DismissalList.as_view(),
        name="dismissal-list",
    ),
    path(
        "suggestions/<int:pk>/accept/",
        suggestions.SuggestionAccept.as_view(),
        name="suggestion-accept",
    ),
    path("coding/", coding.CodingList.as_view(), name="coding-list"),
    path("coding/<int:pk>/", coding.CodingDetail.as_view(), name="coding-detail"),
    path(
        "coding/<int:pk>/pick-up/",
        coding.CodingPickUp.as_view(),
        name="coding-pick-up",
    ),
    path("guidance/", views.FindingGuidance.as_view(), name="finding-guidance"),
]
