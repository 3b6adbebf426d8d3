"""In which lists each entry stands is written by the database, whoever writes."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from icctracker.actions.review import withdraw
from icctracker.models import (
    Actor,
    Coding,
    CodingLine,
    Edition,
    Evidence,
    Finding,
    Listing,
    ListingCount,
    ReviewDecision,
    Situation,
)
from icctracker.models.listings import rebuild_listings, wrongly_listed
from icctracker.models.triggers import drop_triggers, install_triggers
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
)

pytestmark = pytest.mark.django_db

EARLIER = datetime(2001, 1, 31, 23, 59, tzinfo=UTC)


def restores(entry):
    """A decision by which an entry is again what it was."""
    first = entry.editions.get()
    Edition.objects.filter(pk=first.pk).update(until=timezone.now())
    first.decision = entry.decisions.create(outcome="correct", note="Back.")
    first.pk, first.number, first.restores_id = None, 2, first.pk
    first.save()


@pytest.fixture
def entry(db):
    make_criterion("7a")
    entry = make_evidence(kind="veto", tier="A", situations=[make_situation()])
    entry.actors.set([Actor.objects.create(name="China")])
    return entry


def lists(entry):
    return set(Listing.objects.filter(evidence=entry).values_list("mark", flat=True))


class TestAnEntry:
    def test_stands_in_each_list_that_it_belongs_to(self, entry):
        (finding,) = entry.findings.select_related("criterion__recommendation")

        assert lists(entry) == {
            *("all", "kind:veto", "tier:A"),
            f"situation:{entry.situations.get().pk}",
            f"actor:{entry.actors.get().pk}",
            f"recommendation:{finding.criterion.recommendation_id}",
            f"criterion:{finding.criterion.key}",
            *(f"effect:{finding.effect}", f"form:{finding.form}"),
        }

    @pytest.mark.parametrize("state", ["draft", "submitted", "returned", "declined"])
    def test_stands_in_none_before_it_is_published(self, entry, state):
        sudan = make_situation("sudan", "Sudan")

        assert not lists(make_evidence(state, situations=[sudan]))

    def test_leaves_them_when_it_is_withdrawn(self, entry):
        withdraw(entry, by=make_user("curator"), reason="It was wrong.")

        assert not lists(entry)
        assert wrongly_listed() == []

    @pytest.mark.parametrize(
        "write",
        [
            lambda entry: Evidence.objects.update(kind="debate", tier="B"),
            lambda entry: Evidence.objects.update(occurred_on=date(1999, 1, 1)),
            lambda entry: entry.actors.clear(),
            lambda entry: entry.actors.add(Actor.objects.create(name="France")),
            lambda entry: entry.situations.set([make_situation("sudan", "Sudan")]),
            lambda entry: entry.situations.through.objects.update(
                situation=make_situation("sudan", "Sudan")
            ),
            lambda entry: Finding.objects.update(effect=2, form="decision"),
            lambda entry: Finding.objects.update(retired_at=timezone.now()),
            lambda entry: Finding.objects.all().delete(),
            lambda entry: make_evidence(kind="veto"),
        ],
    )
    def test_is_listed_anew_by_whatever_is_written(self, entry, write):
        before = set(Listing.objects.values_list("pk"))

        write(entry)

        assert set(Listing.objects.values_list("pk")) != before
        assert wrongly_listed() == []

    def test_stands_once_in_a_list_that_two_findings_put_it_in(self, entry):
        finding = entry.findings.get()
        other = Finding.objects.get(pk=finding.pk)
        other.pk, other.criterion = None, make_criterion("7b")
        other.save()
        recommendation = f"recommendation:{other.criterion.recommendation_id}"
        assert Listing.objects.filter(mark=recommendation).count() == 1

        finding.delete()

        assert recommendation in lists(entry)
        assert wrongly_listed() == []


class TestWhatIsOnlyCounted:
    """Sums without a list follow from whatever is written, too."""

    @pytest.fixture
    def coded(self, entry):
        return make_coding(entry, rows=[finding_row(effect=1)])

    @staticmethod
    def sums():
        kinds = ("kind-in:", "effect-in:", "coded:", "changed:", "compared:")
        return {
            (row.mark, row.month): row.number
            for row in ListingCount.objects.all()
            if row.mark.startswith(kinds) and row.number
        }

    @pytest.mark.parametrize(
        "write",
        [
            lambda: Evidence.objects.update(kind="debate"),
            lambda: Evidence.objects.update(state="submitted"),
            lambda: Evidence.objects.update(published_at=timezone.now()),
            lambda: Evidence.situations.through.objects.all().delete(),
            lambda: Finding.objects.update(effect=2, event_date=date(1999, 1, 1)),
            lambda: Finding.objects.update(coded_twice=False, disputed=False),
            lambda: Finding.objects.filter(retired_at=None).delete(),
            lambda: CodingLine.objects.filter(effect=1).update(effect=-1),
            lambda: CodingLine.objects.all().delete(),
            lambda: Coding.objects.filter(purpose="second").update(state="withdrawn"),
            lambda: ReviewDecision.objects.update(outcome="withdraw", note="Wrong."),
            lambda: ReviewDecision.objects.update(decided_at=EARLIER),
            lambda: Edition.objects.update(decision=None),
            lambda: make_evidence(situations=[Situation.objects.get()]),
        ],
    )
    def test_it_is_counted_anew_by_whatever_is_written(self, coded, write):
        restores(coded.evidence)
        before = self.sums()
        assert {mark.partition(":")[0] for mark, _month in before} == {
            *("kind-in", "effect-in", "coded", "changed", "compared")
        }

        write()

        assert self.sums() != before
        assert wrongly_listed() == []

    def test_what_was_published_at_one_instant_is_one_change(self, entry):
        month = EARLIER.date().replace(day=1)
        for _number in range(3):
            entry.decisions.create(outcome="publish", decided_at=EARLIER)
        assert self.sums()["changed:publish", month] == 1

        ReviewDecision.objects.order_by("pk").first().delete()

        assert self.sums()["changed:publish", month] == 1
        assert wrongly_listed() == []


class TestTheNumbers:
    def test_are_kept_by_month(self, entry):
        make_evidence(occurred_on=date(2014, 3, 1))
        make_evidence(occurred_on=date(2014, 3, 31))

        rows = ListingCount.objects.filter(mark="all", month=date(2014, 3, 1))

        assert sum(row.number for row in rows) == 2

    def test_are_the_same_after_they_were_folded(self, entry):
        ListingCount.objects.fold()
        make_evidence()
        ListingCount.objects.fold()

        assert wrongly_listed() == []
        assert not ListingCount.objects.exclude(transaction=0).exists()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_was_emptied_counts_from_nothing():
    make_criterion("7a")
    make_evidence()
    call_command("flush", interactive=False, verbosity=0)

    # In whichever order the tables were emptied, nothing is counted that is not there.
    assert wrongly_listed() == []
    assert not ListingCount.objects.exclude(number=0).exists()
    make_criterion("7a")
    make_evidence()
    assert wrongly_listed() == []


class TestWhereTheyWentWrong:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda: Listing.objects.filter(mark="kind:veto").delete(),
            lambda: Listing.objects.filter(mark="all").update(mark="kind:debate"),
            lambda: ListingCount.objects.filter(mark="all").update(number=7),
            lambda: ListingCount.objects.filter(mark="all").delete(),
            lambda: ListingCount.objects.filter(mark="coded:once").update(number=7),
        ],
    )
    def test_it_is_told_and_made_right_again(self, entry, spoil):
        spoil()
        told = StringIO()
        with pytest.raises(CommandError):
            call_command("check_consistency", stdout=told)
        assert "List " in told.getvalue()

        call_command("rebuild", stdout=StringIO())

        assert wrongly_listed() == []

    def test_to_make_them_anew_changes_nothing_that_is_right(self, entry):
        before = set(Listing.objects.values_list("pk"))

        assert rebuild_listings() == len(before)
        assert set(Listing.objects.values_list("pk")) == before

    def test_an_older_site_has_them_once_it_is_migrated(self, entry):
        """As every update ends: what the triggers would have written is written."""
        drop_triggers("listed_")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM icctracker_listing")
            cursor.execute("DELETE FROM icctracker_listingcount")
        later = make_evidence(kind="debate")
        assert not lists(later)

        install_triggers()

        assert lists(entry) and lists(later)
        assert wrongly_listed() == []
