"""The three groups and exactly their permissions.

Each role includes the one before it. ``manage.py migrate`` brings the groups in line.
"""

from django.utils.translation import gettext_lazy as _

RESEARCHER, REVIEWER, CURATOR = "researcher", "reviewer", "curator"
LABELS = {
    RESEARCHER: _("Researcher"),
    REVIEWER: _("Reviewer"),
    CURATOR: _("Curator"),
}

# What a curator keeps in the admin. Findings, decisions and assessments are records:
# they are written by actions and may be read there, never changed; so is the Council's
# own record, which is written by imports: a curator starts one with a file.
_CURATED = (
    "publication addressee recommendation codebook criterion ruleset situation actor"
    " evidence source search gap verdict user invitation"
).split()
# Of these not even a curator deletes one.
_KEPT = ("user", "invitation")
_RECORDS = (
    "finding reviewdecision assessment document ballot vote othervalue member"
    " membership import importrun valueorigin dismissal dissent response answer"
    " coding codingline reconciliation reconciledline sample message documenttext"
    " paragraph descent descentcorrection"
).split()

_RESEARCHER = {"add_evidence", "add_search", "view_evidence", "code_evidence"}
_RESEARCHER |= {"add_documenttext"}
_REVIEWER = _RESEARCHER | {"review_evidence", "add_descentcorrection"}
_CURATOR = (
    _REVIEWER
    | {"curate_evidence", "add_assessment", "add_importrun", "delete_documenttext"}
    | {f"{verb}_{noun}" for noun in _CURATED for verb in ("view", "add", "change")}
    | {f"delete_{noun}" for noun in _CURATED if noun not in _KEPT}
    | {f"view_{noun}" for noun in _RECORDS}
)
PERMISSIONS = {RESEARCHER: _RESEARCHER, REVIEWER: _REVIEWER, CURATOR: _CURATOR}


def groups_are_in_line():
    """Whether each group has its permissions, no more and no fewer; one query."""
    from django.contrib.auth.models import Group

    held = {name: set() for name in PERMISSIONS}
    groups = Group.objects.filter(name__in=PERMISSIONS)
    for name, codename in groups.values_list("name", "permissions__codename"):
        held[name].add(codename)
    return held == PERMISSIONS


def create_groups(using="default", **kwargs):
    """Give each group its permissions, no more and no fewer; run after each migrate."""
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    # Our permissions may not exist yet: the order of receivers is not promised.
    create_permissions(apps.get_app_config("icctracker"), verbosity=0, using=using)
    for name, codenames in PERMISSIONS.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(
            Permission.objects.using(using).filter(
                content_type__app_label="icctracker", codename__in=codenames
            )
        )
