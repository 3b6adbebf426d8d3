"""What may be done: one verb, one transaction, one place that refuses."""


class ActionRefused(Exception):
    """The action may not be done; the message says why, in the reader's words."""


class EditConflict(ActionRefused):
    """Somebody else saved the same entry in the meantime."""
