"""What a text says by itself: a day, a document's symbol, a State; and which are alike.

Pure functions of their text: no Django, no clock, no database.
"""
