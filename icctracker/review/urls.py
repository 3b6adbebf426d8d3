"""Addresses below /review/."""

from django.urls import path

from . import assessments, due, responses, views

urlpatterns = [
    path("", views.ReviewQueue.as_view(), name="review-queue"),
    path("evidence/<int:pk>/", views.EvidenceReview.as_view(), name="review-evidence"),
    path("due/", due.DueList.as_view(), name="due-list"),
    path("responses/", responses.ResponseQueue.as_view(), name="response-queue"),
    path(
        "responses/<str:reference>/",
        responses.ResponseAnswer.as_view(),
        name="response-answer",
    ),
    path(
        "dissents/<int:pk>/", responses.DissentReview.as_view(), name="dissent-review"
    ),
    path("assessments/", assessments.AssessmentList.as_view(), name="assessment-list"),
    path(
        "assessments/<slug:code>/",
        assessments.AssessmentCreate.as_view(),
        name="assessment-create",
    ),
]
