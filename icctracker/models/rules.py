"""What an entry must be."""

from django.utils.translation import gettext_lazy as _

from icctracker.ruleset.votes import ADOPTED, FAILED

# What is said, at the desk and of an imported file, where something contradicts votes.
MISSING = _("Say how these members voted, or mark them as not certain: %(names)s.")
OTHER_TOTALS = _("The votes of the members add up to %(counted)s; here is %(typed)s.")
OTHER_ACTORS = _("Those who cast the veto follow from the votes. Take out: %(names)s.")
NO_VETO = {
    ADOPTED: _("By these votes the text was adopted: that is no veto."),
    FAILED: _("By these votes the text failed in any case: that is no veto."),
}
