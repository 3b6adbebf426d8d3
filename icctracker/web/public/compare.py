"""Two or more members of the Council: how often they voted alike; reads only."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from icctracker.models import Member, Situation, Vote
from icctracker.readings import voting
from icctracker.web.kit.answers import digest

from .council import OfTheRecord, former_seats
from .pictures import Layers

FEWEST, MOST = 2, 5
FIRST_YEAR, LAST_YEAR = 1946, 2100
# So many lists to choose an elected member from are offered, and more if named.
LISTS = 2
# So many ballots in which two members differed are listed, newest first.
LISTED = 20


class CompareForm(forms.Form):
    """Which members, and on which texts."""

    member = forms.MultipleChoiceField(
        label=_("Members"),
        error_messages={
            "required": _("Choose at least two members."),
            "invalid_choice": _("“%(value)s” is no member of the Council."),
        },
    )
    texts = forms.ChoiceField(
        choices=[("", _("All texts")), ("court", _("Texts that name the Court"))],
        required=False,
        label=_("Texts"),
    )
    situation = forms.ModelChoiceField(
        Situation.objects.filter(since__isnull=False),
        to_field_name="slug",
        required=False,
        empty_label=_("All situations"),
        label=_("Situation"),
    )
    since = forms.IntegerField(
        min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False, label=_("From year")
    )
    until = forms.IntegerField(
        min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False, label=_("To year")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = list(Member.objects.all())
        choices = [(each.slug, each.name) for each in self.members]
        self.fields["member"].choices = choices

    def clean_member(self):
        """The members in the order in which the address names them."""
        by_slug = {each.slug: each for each in self.members}
        members = [by_slug[slug] for slug in self.named]
        if len(members) < FEWEST:
            raise forms.ValidationError(_("Choose at least two members."))
        if len(members) > MOST:
            text = gettext("Choose at most %(most)d members; these are %(number)d.")
            said = {"most": MOST, "number": len(members)}
            raise forms.ValidationError(text % said)
        return members

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            text = gettext("%(since)d is after %(until)d.")
            self.add_error("since", text % {"since": since, "until": until})
        return data

    @cached_property
    def named(self):
        """What the address names as members, whoever they are, each once."""
        return list(dict.fromkeys(self.data.getlist("member"))) if self.is_bound else []

    @property
    def permanent(self):
        """Pairs of each permanent member and whether it is chosen."""
        return [
            (each, each.slug in self.named) for each in self.members if each.permanent
        ]

    @property
    def lists(self):
        """What is chosen in each list of elected members; at least two lists."""
        elected = {each.slug for each in self.elected}
        named = [slug for slug in self.named if slug in elected][:MOST]
        return named + [""] * max(LISTS - len(named), 0)

    @property
    def elected(self):
        return [each for each in self.members if not each.permanent]


class CompareMembers(OfTheRecord, TemplateView):
    """How often each two of some members voted alike, on which texts and when."""

    template_name = "public/compare.html"

    def get_context_data(self, **kwargs):
        given = self._given()
        form = CompareForm(given if given.keys() & CompareForm.base_fields else None)
        compared = ""
        if form.is_valid():
            asked = form.cleaned_data
            # What counts in a situation rests on what is coded, too.
            version = self.version if asked["situation"] else self.record
            name = f"compared:{digest(given.urlencode())}"
            compared = self.part(name, lambda: self._compared(asked), version)
        return super().get_context_data(form=form, compared=compared, **kwargs)

    def _given(self):
        """The address, in which a list left empty names nobody."""
        given = self.request.GET.copy()
        if "member" in given:
            given.setlist("member", [slug for slug in given.getlist("member") if slug])
        return given

    def _compared(self, asked):
        members, which = asked["member"], self._which(asked)
        pairs = voting.agreements(members, **which)
        differing = []
        if len(pairs) == 1:
            found = voting.differing(*members, **which)[:LISTED]
            differing = [(vote, Vote.Cast(vote.others).label) for vote in found]
        return self.made(
            "compared",
            asked=asked,
            pairs=list(zip(pairs, _pictures(pairs), strict=True)),
            differing=differing,
            sponsored=voting.sponsored(members, **which),
            former=[
                seat
                for seat in former_seats(members)
                if not asked["since"] or asked["since"] <= seat[-1]
            ],
            fewest=voting.FEWEST_FOR_A_SHARE,
        )

    def _which(self, asked):
        """Lookups of the votes that count."""
        which = {"ballot__held_on__lte": self.moment.as_of}
        if asked["texts"]:
            which["ballot__document__court_mentions__gt"] = 0
        if situation := asked["situation"]:
            found = self.documents_of_situations()
            which["ballot__document__in"] = found.get(str(situation.pk), [])
        if asked["since"]:
            which["ballot__held_on__year__gte"] = asked["since"]
        if asked["until"]:
            which["ballot__held_on__year__lte"] = asked["until"]
        return which


def _pictures(pairs):
    """For each two members their ballots by year, all at one scale; None if none."""
    years = [year for pair in pairs for year in pair.years]
    highest = max((each.total() for p in pairs for each in p.years.values()), default=0)
    return [
        Layers(
            pair.years,
            min(years),
            max(years),
            highest=highest,
            kinds=(voting.ALIKE, voting.APART, voting.OPPOSED),
        )
        if pair.years
        else None
        for pair in pairs
    ]
