"""How often members of the Council voted alike: counted, never estimated."""

from collections import Counter
from itertools import combinations

import pytest
from django.urls import reverse

from icctracker.models import Member, Vote
from icctracker.readings import voting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

FIVE = "china france russian-federation united-kingdom united-states".split()


def get(client, *members, **asked):
    return client.get(reverse("member-compare"), {"member": members, **asked})


def text(response):
    return " ".join(response.content.decode().split())


def counted_one_by_one(one, other):
    """The same by the words of the rule, vote by vote."""
    found = Counter()
    theirs = dict(other.votes.values_list("ballot", "cast"))
    for ballot, mine in one.votes.values_list("ballot", "cast"):
        votes = {mine, theirs.get(ballot)}
        if votes <= {"Y", "N", "A"}:
            kinds = {1: "alike", 2: "apart" if "A" in votes else "opposed"}
            found[kinds[len(votes)]] += 1
    return found


class TestAgreement:
    def test_each_ballot_in_which_both_voted_counts_once(self):
        members = list(Member.objects.filter(slug__in=FIVE))

        found = {(pair.one, pair.other): pair for pair in voting.agreements(members)}

        assert list(found) == list(combinations(members, 2))
        for (one, other), pair in found.items():
            assert pair.counts == counted_one_by_one(one, other)
            assert pair.total > 0

    def test_the_order_of_the_members_does_not_matter(self):
        members = list(Member.objects.filter(slug__in=FIVE[:2]))

        (pair,), (turned,) = (
            voting.agreements(each) for each in (members, members[::-1])
        )

        assert (pair.one, pair.other) == (turned.other, turned.one)
        assert pair.years == turned.years

    def test_no_share_is_told_of_few_votes(self):
        one, other = Member.objects.filter(slug__in=FIVE[:2])
        few = voting.Agreement(one, other, {2020: Counter(alike=19)})
        enough = voting.Agreement(one, other, {2020: Counter(alike=15, opposed=5)})

        assert (few.share, enough.share) == (None, 75)

    def test_those_that_differ_are_those_that_are_not_alike(self):
        one, other = Member.objects.filter(slug__in=["china", "united-states"])

        found = voting.differing(one, other)

        counts = counted_one_by_one(one, other)
        assert found.count() == counts["apart"] + counts["opposed"]
        assert all(vote.member == one and vote.cast != vote.others for vote in found)
        days = [vote.ballot.held_on for vote in found]
        assert days == sorted(days, reverse=True)


class TestSponsored:
    def test_votes_on_what_each_sponsored_are_counted(self):
        one, other, third = Member.objects.filter(slug__in=FIVE[1:4]).order_by("pk")
        ballot = one.votes.filter(cast="Y").exclude(ballot__votes__cast="U").first()
        document, imported = ballot.ballot.document, ballot.ballot.imported
        document.sponsors.all().delete()
        for place, member in enumerate((one, third), start=1):
            document.sponsors.create(
                place=place, name=member.name, code=member.code, imported=imported
            )

        only = {"ballot__document": document}
        found = voting.sponsored([one, other], **only)

        assert {row.sponsor for row in found} == {one}
        assert [row.voter for row in found][0] == one
        for row in found:
            cast = row.voter.votes.filter(cast__in="YNA", **only)
            assert row.cast == Counter(cast.values_list("cast", flat=True))


class TestPage:
    def test_it_names_each_two_and_counts(self, client):
        response = get(client, *FIVE[:3])

        counts = counted_one_by_one(
            *Member.objects.filter(slug__in=["china", "france"])
        )
        assert f'data-label="Both voted">{counts.total():,}<' in text(response)
        for one, other in combinations(["China", "France", "Russian Federation"], 2):
            assert f"<h3>{one} and {other}</h3>" in text(response)

    def test_five_members_cost_no_more_queries_than_two(
        self, client, django_assert_max_num_queries
    ):
        # Of an earlier day, which is made for whoever asks.
        for members in (FIVE[:2], FIVE):
            with django_assert_max_num_queries(9):
                get(client, *members, as_of="2020-01-01")

    @pytest.mark.parametrize(
        ("members", "said"),
        [
            (["china"], "Choose at least two members."),
            (["china", "china", ""], "Choose at least two members."),
            (["", ""], "Choose at least two members."),
            (["china", "atlantis"], "“atlantis” is no member of the Council."),
            ([*FIVE, "algeria"], "Choose at most 5 members; these are 6."),
        ],
    )
    def test_what_cannot_be_compared_is_said(self, client, members, said):
        response = get(client, *members)

        assert response.status_code == 200
        assert said in text(response)
        assert "How often they voted alike" not in text(response)

    def test_a_period_that_ends_before_it_begins_is_refused(self, client):
        response = get(client, *FIVE[:2], since=2010, until=2005)

        assert "2010 is after 2005." in text(response)

    def test_only_the_texts_that_were_asked_for_count(self, client):
        one, other = Member.objects.filter(slug__in=["china", "united-states"])
        which = {
            "ballot__document__court_mentions__gt": 0,
            "ballot__held_on__year__gte": 2005,
            "ballot__held_on__year__lte": 2010,
        }
        assert 0 < Vote.objects.filter(member=one, **which).count()

        (pair,) = voting.agreements([one, other], **which)
        response = get(
            client, one.slug, other.slug, texts="court", since=2005, until=2010
        )

        assert f'data-label="Both voted">{pair.total}<' in text(response)
        assert "Votes on texts that name the Court. From 2005 to 2010." in text(
            response
        )

    def test_who_held_a_seat_before_is_said_where_it_matters(self, client):
        earlier = get(client, "russian-federation", "france")
        later = get(client, "russian-federation", "france", since=1992)

        assert "the USSR held this seat until 1991" in text(earlier)
        assert "USSR" not in text(later)

    def test_in_a_situation_the_documents_of_it_count(self, client, first_data):
        response = get(client, "russian-federation", "united-states", situation="syria")

        assert "Votes in the situation Syria" in text(response)
        assert "Where they differed last" in text(response)

    def test_as_of_a_day_later_votes_do_not_count(self, client):
        now = get(client, *FIVE[:2])
        before = get(client, *FIVE[:2], as_of="1990-01-01")

        assert ">2014</th>" in text(now)
        assert ">2014</th>" not in text(before)
