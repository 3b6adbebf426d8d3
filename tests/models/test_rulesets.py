"""What the database refuses of a ruleset."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from icctracker.models import Ruleset
from tests.factories import make_publication, make_ruleset

pytestmark = pytest.mark.django_db

CHANGE = datetime(2026, 2, 1, 12, tzinfo=UTC)


class TestConstraints:
    @pytest.mark.parametrize(
        ("name", "given"),
        [
            ("ruleset_version_once_per_publication", {"version": "1.0"}),
            ("ruleset_published_has_a_reason", {"published_at": CHANGE}),
            ("ruleset_one_draft", {}),
        ],
    )
    def test_each_is_kept_by_the_database(self, name, given):
        publication = make_publication()
        make_ruleset(publication=publication)
        Ruleset.objects.create(publication=publication, version="1.1", values={})
        facts = {"version": "1.2", "values": {}} | given
        if name != "ruleset_one_draft":
            Ruleset.objects.filter(version="1.1").delete()

        with pytest.raises(IntegrityError), transaction.atomic():
            Ruleset.objects.create(publication=publication, **facts)
