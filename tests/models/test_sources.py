import pytest
from django.core.exceptions import ValidationError

from icctracker.models import Source
from icctracker.models.evidence import publisher_of
from tests.factories import make_evidence, source_row

pytestmark = pytest.mark.django_db


class TestSource:
    @pytest.mark.parametrize(
        "url", ["ftp://un.org/a", "javascript:alert(1)", "un.org/a", ""]
    )
    def test_its_address_is_on_the_web(self, url):
        entry = make_evidence()

        with pytest.raises(ValidationError):
            Source(evidence=entry, url=url, label="A page").full_clean()

    @pytest.mark.parametrize(
        ("url", "publisher"),
        [
            ("https://undocs.org/en/S/2014/348", "United Nations"),
            ("https://press.un.org/en/2014/sc11407.doc.htm", "United Nations"),
            ("https://un.org/a", "United Nations"),
            ("https://notun.org/a", "notun.org"),
            ("https://un.org.example.com/a", "un.org.example.com"),
            ("https://www.icc-cpi.int/darfur", "International Criminal Court"),
            ("https://www.example.org:8443/a", "example.org"),
        ],
    )
    def test_its_publisher_is_read_from_the_address(self, url, publisher):
        assert publisher_of(url) == publisher

    def test_a_publisher_that_somebody_named_is_kept(self):
        entry = make_evidence(sources=[])

        source = Source.objects.create(
            evidence=entry, **source_row(), publisher="The Library"
        )

        assert source.publisher == "The Library"

    def test_an_entry_rests_on_the_first(self):
        rows = [source_row(f"https://example.org/{number}") for number in (3, 1, 2)]

        entry = make_evidence(sources=rows)

        assert entry.principal_source.url == "https://example.org/3"

    def test_without_sources_it_rests_on_none(self):
        assert make_evidence("draft", sources=[]).principal_source is None
