"""Addresses below /desk/."""

from django.urls import path

from . import answering, coding, entries, inbox, pinpoints, texts, views

urlpatterns = [
    path("", views.Desk.as_view(), name="desk"),
    path("evidence/new/", entries.EvidenceCreate.as_view(), name="evidence-create"),
    path("evidence/<int:pk>/", entries.DeskEvidence.as_view(), name="desk-evidence"),
    path(
        "evidence/<int:pk>/edit/",
        entries.EvidenceUpdate.as_view(),
        name="evidence-update",
    ),
    path(
        "evidence/<int:pk>/submit/",
        entries.EvidenceSubmit.as_view(),
        name="evidence-submit",
    ),
    path(
        "evidence/<int:pk>/discard/",
        entries.EvidenceDiscard.as_view(),
        name="evidence-discard",
    ),
    path(
        "evidence/<int:pk>/correct/",
        entries.EvidenceCorrect.as_view(),
        name="evidence-correct",
    ),
    path(
        "evidence/<int:pk>/withdraw/",
        entries.EvidenceWithdraw.as_view(),
        name="evidence-withdraw",
    ),
    path(
        "evidence/<int:pk>/restore/<int:number>/",
        entries.EvidenceRestore.as_view(),
        name="evidence-restore",
    ),
    path(
        "evidence/<int:pk>/comments/",
        views.EvidenceComment.as_view(),
        name="evidence-comment",
    ),
    path(
        "findings/<int:pk>/dissent/",
        answering.FindingDissent.as_view(),
        name="finding-dissent",
    ),
    path(
        "assessments/<int:pk>/dissent/",
        answering.AssessmentDissent.as_view(),
        name="assessment-dissent",
    ),
    path(
        "dissents/<int:pk>/", answering.DissentDetail.as_view(), name="dissent-detail"
    ),
    path("searches/new/", views.SearchCreate.as_view(), name="search-create"),
    path("suggestions/", inbox.SuggestionList.as_view(), name="suggestion-list"),
    path(
        "suggestions/set-aside/",
        inbox.DismissalList.as_view(),
        name="dismissal-list",
    ),
    path(
        "suggestions/<int:pk>/accept/",
        inbox.SuggestionAccept.as_view(),
        name="suggestion-accept",
    ),
    path("coding/", coding.CodingList.as_view(), name="coding-list"),
    path("coding/<int:pk>/", coding.CodingDetail.as_view(), name="coding-detail"),
    path(
        "coding/<int:pk>/pick-up/",
        coding.CodingPickUp.as_view(),
        name="coding-pick-up",
    ),
    path(
        "evidence/<int:pk>/finding/",
        answering.FindingPropose.as_view(),
        name="finding-propose",
    ),
    path("pinpoints/", pinpoints.PinpointList.as_view(), name="pinpoint-list"),
    path("texts/new/", texts.TextCreate.as_view(), name="text-create"),
    path("lookup/", views.Lookup.as_view(), name="desk-lookup"),
    path("guidance/", views.FindingGuidance.as_view(), name="finding-guidance"),
]
