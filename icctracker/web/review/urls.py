"""Addresses below /review/."""

from django.urls import include, path

from . import (
    access,
    answering,
    assessments,
    codebook,
    codings,
    descent,
    queue,
    recoding,
    rulesets,
)

# Each publication has these: the first at short addresses, the others below their own.
of_a_publication = [
    path(
        "assessments/<slug:code>/",
        assessments.AssessmentCreate.as_view(),
        name="assessment-create",
    ),
    path("ruleset/", rulesets.RulesetDraft.as_view(), name="ruleset-draft"),
    path("ruleset/preview/", rulesets.RulesetPreview.as_view(), name="ruleset-preview"),
    path("ruleset/discard/", rulesets.RulesetDiscard.as_view(), name="ruleset-discard"),
    path("codebook/", codebook.CodebookDraft.as_view(), name="codebook-draft"),
    path(
        "codebook/preview/", codebook.CodebookPreview.as_view(), name="codebook-preview"
    ),
    path(
        "codebook/discard/", codebook.CodebookDiscard.as_view(), name="codebook-discard"
    ),
    path(
        "codebook/criteria/add/",
        codebook.CriterionCreate.as_view(),
        name="criterion-create",
    ),
    path(
        "codebook/criteria/<slug:code>/",
        codebook.CriterionUpdate.as_view(),
        name="criterion-update",
    ),
    path(
        "codebook/criteria/<slug:code>/again/",
        recoding.RecodingList.as_view(),
        name="recoding-list",
    ),
    path(
        "codebook/criteria/<slug:code>/again/<int:pk>/",
        recoding.RecodingUpdate.as_view(),
        name="recoding-update",
    ),
]

urlpatterns = [
    *of_a_publication,
    path("publications/<slug:publication>/", include(of_a_publication)),
    path("", queue.ReviewQueue.as_view(), name="review-queue"),
    path("evidence/<int:pk>/", queue.EvidenceReview.as_view(), name="review-evidence"),
    path(
        "evidence/<int:pk>/coding/", codings.CodingOffer.as_view(), name="coding-offer"
    ),
    path(
        "findings/<int:pk>/",
        answering.ProposalReview.as_view(),
        name="proposal-review",
    ),
    path("reconcile/", codings.ReconcileList.as_view(), name="reconcile-list"),
    path(
        "reconcile/<int:pk>/",
        codings.ReconcileDetail.as_view(),
        name="reconcile-detail",
    ),
    path("due/", access.DueList.as_view(), name="due-list"),
    path("responses/", answering.ResponseQueue.as_view(), name="response-queue"),
    path(
        "responses/<str:reference>/",
        answering.ResponseAnswer.as_view(),
        name="response-answer",
    ),
    path(
        "dissents/<int:pk>/", answering.DissentReview.as_view(), name="dissent-review"
    ),
    path(
        "descent/<path:symbol>/<slug:anchor>/",
        descent.DescentCorrect.as_view(),
        name="descent-correct",
    ),
    path("assessments/", assessments.AssessmentList.as_view(), name="assessment-list"),
]
