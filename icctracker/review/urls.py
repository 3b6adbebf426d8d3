"""Addresses below /review/."""

from django.urls import path

from . import assessments, views

urlpatterns = [
    path("", views.ReviewQueue.as_view(), name="review-queue"),
    path("evidence/<int:pk>/", views.EvidenceReview.as_view(), name="review-evidence"),
    path("assessments/", assessments.AssessmentList.as_view(), name="assessment-list"),
    path(
        "assessments/<slug:code>/",
        assessments.AssessmentCreate.as_view(),
        name="assessment-create",
    ),
]
