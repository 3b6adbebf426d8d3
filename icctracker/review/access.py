"""Who may sit at the review desk."""

from icctracker.access import NothingLost


class ReviewAccess(NothingLost):
    """For reviewers; a page may ask for more."""

    permission_required = "icctracker.review_evidence"
