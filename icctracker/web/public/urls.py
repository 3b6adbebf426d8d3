"""Addresses of the open site; they are cited in print and never change."""

from django.urls import include, path, re_path

from . import (
    compare,
    council,
    descent,
    downloads,
    errors,
    history,
    pages,
    passages,
    recommendations,
    silence,
    whatif,
)

# Each publication has these: the first at short addresses, the others below their own.
of_a_publication = [
    path(
        "recommendations/",
        pages.RecommendationList.as_view(),
        name="recommendation-list",
    ),
    path(
        "recommendations/<slug:code>/",
        recommendations.RecommendationDetail.as_view(),
        name="recommendation-detail",
    ),
    path(
        "recommendations/<slug:code>/record/<slug:part>/",
        recommendations.RecommendationRecord.as_view(),
        name="recommendation-record",
    ),
    path(
        "recommendations/<slug:code>/history/",
        history.RecommendationHistory.as_view(),
        name="recommendation-history",
    ),
    path("methodology/", pages.Methodology.as_view(), name="methodology"),
    path("methodology/try/", whatif.TryTheRule.as_view(), name="methodology-try"),
    path("methodology/codebook/", history.CodebookList.as_view(), name="codebook-list"),
    re_path(
        r"^methodology/codebook/(?P<version>[^/\x00]{1,20})/$",
        history.CodebookDetail.as_view(),
        name="codebook-detail",
    ),
    re_path(
        r"^methodology/rulesets/(?P<version>[^/\x00]{1,20})/$",
        history.RulesetDetail.as_view(),
        name="ruleset-detail",
    ),
]

urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    *of_a_publication,
    path("publications/", pages.PublicationList.as_view(), name="publication-list"),
    path(
        "publications/<slug:publication>/",
        pages.PublicationDetail.as_view(),
        name="publication-detail",
    ),
    path("publications/<slug:publication>/", include(of_a_publication)),
    path("evidence/", pages.EvidenceList.as_view(), name="evidence-list"),
    re_path(
        r"^evidence\.(?P<suffix>csv|json)$",
        downloads.EvidenceDownload.as_view(),
        name="evidence-download",
    ),
    path(
        "evidence/<slug:slug>/", pages.EvidenceDetail.as_view(), name="evidence-detail"
    ),
    path(
        "evidence/<slug:slug>/history/",
        history.EvidenceHistory.as_view(),
        name="evidence-history",
    ),
    path("changes/", history.ChangeList.as_view(), name="change-list"),
    path("situations/", pages.SituationList.as_view(), name="situation-list"),
    path(
        "situations/<slug:slug>/",
        pages.SituationDetail.as_view(),
        name="situation-detail",
    ),
    path(
        "situations/<slug:slug>/texts/",
        silence.SituationTexts.as_view(),
        name="situation-texts",
    ),
    path(
        "situations/<slug:slug>/texts.csv",
        silence.SituationTextsDownload.as_view(),
        name="situation-texts-download",
    ),
    path("documents/", council.DocumentList.as_view(), name="document-list"),
    path(
        "documents/<path:symbol>/",
        council.DocumentDetail.as_view(),
        name="document-detail",
    ),
    path("passages/", passages.PassageList.as_view(), name="passage-list"),
    re_path(
        r"^passages\.(?P<suffix>csv|json)$",
        passages.PassageDownload.as_view(),
        name="passage-download",
    ),
    path(
        "passages-by-year.csv",
        passages.YearsDownload.as_view(),
        name="passage-years-download",
    ),
    path("passages/descent/", descent.DescentList.as_view(), name="descent-list"),
    path(
        "passages/descent.csv",
        descent.DescentDownload.as_view(),
        name="descent-download",
    ),
    path(
        "passages/descent/<path:symbol>/<slug:anchor>/",
        descent.DescentDetail.as_view(),
        name="descent-detail",
    ),
    path("council/", council.Council.as_view(), name="council"),
    path("council/compare/", compare.CompareMembers.as_view(), name="member-compare"),
    path("council/<slug:slug>/", council.MemberDetail.as_view(), name="member-detail"),
    path("responses/", history.ResponseList.as_view(), name="response-list"),
    re_path(
        r"^responses/(?P<reference>[^/\x00]{1,40})/$",
        history.ResponseDetail.as_view(),
        name="response-detail",
    ),
    path("about/", pages.About.as_view(), name="about"),
    path("healthz", errors.healthz, name="healthz"),
    path("readyz", errors.readyz, name="readyz"),
]
