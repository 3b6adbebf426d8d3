"""The rule's levels and doubts in words."""

from django.utils.translation import gettext_lazy as _

LEVELS = {
    3: _("in full"),
    2: _("largely"),
    1: _("in part"),
    0: _("not met"),
    None: _("unknown"),
}
DOUBTS = {
    "thin": _("it rests on fewer than three weighed findings or on one publisher"),
    "untested": _(
        "an essential criterion is unknown or was not tested for over five years"
    ),
    "single-coded": _(
        "not every finding has been coded by two people, or one is in dispute"
    ),
    "fragile": _("one entry alone decides it"),
}
