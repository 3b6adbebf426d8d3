"""Addresses of the open site; they are cited in print and never change."""

from django.urls import path, re_path

from . import (
    codebook,
    council,
    documents,
    downloads,
    health,
    histories,
    responses,
    views,
    whatif,
)

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path(
        "recommendations/",
        views.RecommendationList.as_view(),
        name="recommendation-list",
    ),
    path(
        "recommendations/<slug:code>/",
        views.RecommendationDetail.as_view(),
        name="recommendation-detail",
    ),
    path(
        "recommendations/<slug:code>/history/",
        histories.RecommendationHistory.as_view(),
        name="recommendation-history",
    ),
    path("evidence/", views.EvidenceList.as_view(), name="evidence-list"),
    re_path(
        r"^evidence\.(?P<suffix>csv|json)$",
        downloads.EvidenceDownload.as_view(),
        name="evidence-download",
    ),
    path(
        "evidence/<slug:slug>/", views.EvidenceDetail.as_view(), name="evidence-detail"
    ),
    path(
        "evidence/<slug:slug>/history/",
        histories.EvidenceHistory.as_view(),
        name="evidence-history",
    ),
    path("changes/", histories.ChangeList.as_view(), name="change-list"),
    path("situations/", views.SituationList.as_view(), name="situation-list"),
    path(
        "situations/<slug:slug>/",
        views.SituationDetail.as_view(),
        name="situation-detail",
    ),
    path("documents/", documents.DocumentList.as_view(), name="document-list"),
    path(
        "documents/<path:symbol>/",
        documents.DocumentDetail.as_view(),
        name="document-detail",
    ),
    path("council/", council.Council.as_view(), name="council"),
    path("council/<slug:slug>/", council.MemberDetail.as_view(), name="member-detail"),
    path("methodology/", views.Methodology.as_view(), name="methodology"),
    path("methodology/try/", whatif.TryTheRule.as_view(), name="methodology-try"),
    path(
        "methodology/codebook/", codebook.CodebookList.as_view(), name="codebook-list"
    ),
    re_path(
        r"^methodology/codebook/(?P<version>[^/\x00]{1,20})/$",
        codebook.CodebookDetail.as_view(),
        name="codebook-detail",
    ),
    path("responses/", responses.ResponseList.as_view(), name="response-list"),
    re_path(
        r"^responses/(?P<reference>[^/\x00]{1,40})/$",
        responses.ResponseDetail.as_view(),
        name="response-detail",
    ),
    path("about/", views.About.as_view(), name="about"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
