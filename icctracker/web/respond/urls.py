"""Addresses at which anybody may answer back."""

from django.urls import path

from . import views

urlpatterns = [
    path("respond/", views.RespondToSite.as_view(), name="respond"),
    path(
        "evidence/<slug:slug>/respond/",
        views.RespondToEvidence.as_view(),
        name="evidence-respond",
    ),
    path(
        "recommendations/<slug:code>/respond/",
        views.RespondToRecommendation.as_view(),
        name="recommendation-respond",
    ),
    path(
        "publications/<slug:publication>/recommendations/<slug:code>/respond/",
        views.RespondToRecommendation.as_view(),
        name="recommendation-respond",
    ),
]
