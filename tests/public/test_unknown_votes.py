"""What readers are told of a veto whose votes are not known."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import make_evidence
from tests.unknown_votes import SYMBOL, add_veto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

UNKNOWN = "votes not known"
PAGES = {
    "document": ("document-detail", [SYMBOL]),
    "list": ("document-list", []),
    "member": ("member-detail", ["china"]),
    "council": ("council", []),
}


def text(client, name, *arguments):
    response = client.get(reverse(name, args=arguments))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_page_of_the_text_says_so_in_words(client):
    add_veto()

    page = text(client, "document-detail", SYMBOL)

    assert f"Vetoed, by China, Russian Federation; {UNKNOWN}" in page
    assert "the source tells no more than who cast the veto" in page
    assert "only the vetoes are known, not the votes of the others" in page
    assert page.count('<g class="seat no veto">') == 2
    assert page.count('<g class="seat unknown">') == 13
    assert page.count("<td> Not known </td>") == 13
    assert "None" not in page
    assert "for – against – abstained" not in page


def test_it_names_the_source_of_the_file_where_a_row_names_none(client):
    add_veto()

    assert "Compiled from: A list of vetoes." in text(client, "document-detail", SYMBOL)


@pytest.mark.parametrize("page", ["list", "member"])
def test_lists_say_so_too(client, page):
    add_veto()
    name, arguments = PAGES[page]

    found = text(client, name, *arguments)

    assert SYMBOL in found
    assert UNKNOWN in found
    assert "None" not in found


def test_a_part_whose_votes_are_not_known_says_so_in_its_heading(client):
    ballot = add_veto()
    ballot.pk, ballot.item = None, 2
    ballot.save()

    assert f"Vote 2 of 2: {UNKNOWN}" in text(client, "document-detail", SYMBOL)


def test_an_entry_about_it_shows_the_same(client):
    add_veto()
    entry = make_evidence(symbol=SYMBOL, occurred_on=date(2014, 6, 1), slug="a-veto")

    page = text(client, "evidence-detail", entry.slug)

    assert "the source tells no more than who cast the veto" in page


def test_it_counts_only_for_those_who_cast_it(client):
    def years(slug):
        response = client.get(reverse("member-detail", args=[slug]))
        rows = {row.subject: row for row in response.context["by_year"]}
        return rows[2014].total, rows[2014].vetoes

    chad, china = years("chad"), years("china")

    add_veto()

    assert years("chad") == chad
    assert years("china") == (china[0] + 1, china[1] + 1)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_takes_more_queries_for_it(
    client, page, django_assert_max_num_queries, django_assert_num_queries
):
    name, arguments = PAGES[page]
    add_veto()
    with django_assert_max_num_queries(20) as before:
        client.get(reverse(name, args=arguments))
    for number in range(3):
        add_veto(f"S/2014/{9990 + number}", date(2014, 6, 2))

    with django_assert_num_queries(len(before)):
        client.get(reverse(name, args=arguments))
