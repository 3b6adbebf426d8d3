import pytest

from icctracker.models import Evidence, Kind
from tests.factories import finding_row, make_criterion, make_evidence

pytestmark = pytest.mark.django_db


class TestKind:
    @pytest.mark.parametrize(
        ("kind", "form"),
        [
            ("veto", "decision"),
            ("press-statement", "formal"),
            ("visit", "formal"),
            ("briefing", "process"),
            ("statement", "signal"),
        ],
    )
    def test_each_proposes_a_form(self, kind, form):
        assert Kind(kind).default_form == form
        assert Evidence(kind=kind).default_form == form

    def test_while_there_is_no_kind_no_form_is_proposed(self):
        assert Evidence().default_form is None

    def test_the_finding_takes_the_proposed_form_unless_it_says_otherwise(self):
        criterion, other = make_criterion("7a"), make_criterion("7b")

        entry = make_evidence(
            kind="briefing",
            findings=[
                finding_row(criterion),
                finding_row(other, form="omission", form_reason="Nobody answered."),
            ],
        )

        forms = {f.criterion.code: f.form for f in entry.findings.all()}
        assert forms == {"7a": "process", "7b": "omission"}
