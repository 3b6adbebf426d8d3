"""Addresses below /review/."""

from django.urls import path

from . import assessments, proposals, views

urlpatterns = [
    path("", views.ReviewQueue.as_view(), name="review-queue"),
    path("evidence/<int:pk>/", views.EvidenceReview.as_view(), name="review-evidence"),
    path(
        "findings/<int:pk>/",
        proposals.ProposalReview.as_view(),
        name="proposal-review",
    ),
    path("assessments/", assessments.AssessmentList.as_view(), name="assessment-list"),
    path(
        "assessments/<slug:code>/",
        assessments.AssessmentCreate.as_view(),
        name="assessment-create",
    ),
]
