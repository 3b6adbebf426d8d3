"""Characters as a keyboard has them, whichever of their kind was pasted."""

import unicodedata


def typed(character, without=("Cf",)):
    """A dash, digit or slash of any kind as it is typed; nothing for what is left out.

    ``without`` names the categories of Unicode that say nothing here.
    """
    category = unicodedata.category(character)
    if category in without:
        return ""
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return "/" if character in "\u2044\u2215" else character
