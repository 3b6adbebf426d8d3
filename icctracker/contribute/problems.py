"""What is to be mended in a form, and where."""

from collections import namedtuple

# One thing to mend: where it is, what it is called there, and what to do.
Problem = namedtuple("Problem", "target label message")


def problems_in(form, names, where=""):
    """The errors of these fields, in this order; ``where`` goes before each label."""
    found = []
    for name in names:
        if name not in form.errors:
            continue
        field = form[name]
        target = f"{field.auto_id}_0" if field.use_fieldset else field.auto_id
        label = f"{where}{field.label}"
        found += [Problem(target, label, message) for message in field.errors]
    return found
