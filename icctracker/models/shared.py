"""Fields that several models share: their names, and one of them otherwise."""


def names_of(abstract):
    """The names of the fields that an abstract model gives, in their order."""
    return [field.name for field in abstract._meta.local_fields]


def restated(abstract, name, **changes):
    """A field that an abstract model gives, but for these changes."""
    field = abstract._meta.get_field(name)
    _name, _path, args, kwargs = field.deconstruct()
    return type(field)(*args, **kwargs | changes)
