"""From single words to whole names: surnames, initials, particles, lists, and the same name elsewhere in the text.

``named`` says of each token whether it is a name and is changed in place; ``free`` says whether it may be one.
"""

from __future__ import annotations

from advisor.personal_data.introductions import is_and
from advisor.personal_data.lexicon import GIVEN, NAME, ORDINARY, PLACE, SURNAME, WORD
from advisor.personal_data.persons import opens_a_question
from advisor.personal_data.reader import Reader
from advisor.personal_data.tokens import Shape

_SHORTEST_IN_CAPITALS, _SHORTEST_WITHOUT = 4, 4
"""Letters of an unknown surname in capitals ("Sarah OKAFOR"), or without a capital ("dave okonkwo")."""


def spread(reader: Reader, named: list[bool], free: list[bool]) -> None:
    """A word that is a name once is one wherever it can be."""
    keys = {reader.key(at) for at, is_name in enumerate(named) if is_name and len(reader.key(at)) > 1}
    for at, token in enumerate(reader.tokens):
        if free[at] and not named[at] and token.key in keys and not reader.is_in(at, "month"):
            if token.shape is Shape.LOWER:
                named[at] = not reader.marks[at] & ORDINARY
            else:
                named[at] = not (token.opens and reader.is_in(at, "modal")) and not reader.marks[at] & PLACE


def complete_lists(reader: Reader, named: list[bool], free: list[bool]) -> None:
    """The first of "Grace, Joy and Mercy", which opens the sentence and so shows nothing by its capital."""
    for at in range(len(reader) - 3, -1, -1):
        candidate = free[at] and not named[at] and reader.has_capital(at) and reader.marks[at] & GIVEN
        if candidate and not reader.is_in(at, "month") and _is_listed_with(reader, at, named):
            named[at] = True


def _is_listed_with(reader: Reader, at: int, named: list[bool]) -> bool:
    """True where "and", or a comma with another or an "and" after it, joins the word to a name."""
    if reader.gap(at + 1) == ", ":
        return named[at + 1] and (reader.gap(at + 2) == ", " or is_and(reader, at + 2))
    return is_and(reader, at + 1) and named[at + 2]


def extend(reader: Reader, named: list[bool], free: list[bool]) -> None:
    """Surnames after, and given names and initials before, what is a name already."""
    for at in range(1, len(reader)):
        if named[at - 1] and not named[at] and free[at] and reader.is_joined(at):
            named[at] = _is_particle(reader, at) or _is_next_part(reader, at)
    for at in range(len(reader) - 2, -1, -1):
        if named[at + 1] and not named[at] and free[at] and reader.is_joined(at + 1):
            named[at] = _is_leading_particle(reader, at) or _is_part_before(reader, at)


def _is_next_part(reader: Reader, at: int) -> bool:
    token, marks = reader.tokens[at], reader.marks[at]
    if len(token.key) == 1:
        return token.shape is Shape.UPPER and token.key not in "ai"
    if (reader.is_refused(at) and not marks & NAME) or reader.is_in(at, "never"):
        return False
    if token.shape is Shape.LOWER:
        return _is_lower_surname(reader, at)
    if token.shape is Shape.UPPER:
        return bool(marks & NAME) or (not marks and len(token.key) >= _SHORTEST_IN_CAPITALS)
    if reader.is_in(at, "month") and reader.is_before_number(at):
        return False
    return bool(marks & NAME) or not marks or _is_double_barrelled(reader, at)


def _is_lower_surname(reader: Reader, at: int) -> bool:
    """True for "chloe smith", and for "dave okonkwo" and "chloe brown" where the clause goes on as after a name."""
    key, marks = reader.key(at), reader.marks[at]
    if marks & NAME and not marks & ORDINARY:
        return True
    if not (reader.ends_phrase(at) or reader.is_in(at + 1, "after a name") or reader.is_in(at + 1, "speech")):
        return False
    if marks:
        return reader.is_in(at, "lower surname")
    return len(key) >= _SHORTEST_WITHOUT and not reader.lexicon.words.is_almost(key)


def _is_double_barrelled(reader: Reader, at: int) -> bool:
    """True for "Vane-Tempest" after a given name, though both halves are words."""
    parts = reader.tokens[at].text.split("-")
    capitals = len(parts) == 2 and all(part[:1].isupper() and len(part) > 2 for part in parts)
    return capitals and reader.is_strict(at - 1, GIVEN)


def _is_particle(reader: Reader, at: int) -> bool:
    """True for "de" in "Maria de Souza": a small word with a surname after it."""
    if not reader.is_in(at, "particle") or not reader.is_joined(at + 1):
        return False
    return reader.is_strict(at + 1) or (reader.has_capital(at + 1) and not reader.marks[at + 1] & ORDINARY)


def _is_leading_particle(reader: Reader, at: int) -> bool:
    """True for "de" before "Souza", and not for "DI"; for "van" only after a title or before "der"."""
    if not reader.is_in(at, "particle") or reader.tokens[at].shape is Shape.UPPER:
        return False
    if not reader.is_in(at, "shy particle"):
        return True
    return reader.is_in(at + 1, "particle") or (reader.is_joined(at) and reader.is_in(at - 1, "title"))


def _is_part_before(reader: Reader, at: int) -> bool:
    token = reader.tokens[at]
    if len(token.key) == 1:
        dotted = reader.gap(at + 1).startswith(".")
        return token.shape is Shape.UPPER and (dotted or _is_bare_initial(reader, at))
    if reader.is_in(at, "title"):
        return False
    if not reader.marks[at] & GIVEN:
        return _is_rare_given_name(reader, at)
    if token.shape is not Shape.TITLE:
        return reader.is_strict(at + 1, SURNAME) and not reader.is_in(at, "modal")
    return not opens_a_question(reader, at)


def _is_bare_initial(reader: Reader, at: int) -> bool:
    """True for "J" in "J Smith"; not for "Child B Smith", "I" and "A"."""
    return reader.key(at) not in "ai" and not reader.ends_with(at - 1, "person")


def _is_rare_given_name(reader: Reader, at: int) -> bool:
    """True for "Talent" in "Talent Sibanda": a plain word with a capital before what is a surname only, and no role."""
    if not reader.has_capital(at) or reader.marks[at] != WORD or len(reader.key(at)) < 4:
        return False
    if reader.is_strict(at + 1, GIVEN) or not reader.is_strict(at + 1, SURNAME):
        return False
    return not (reader.is_refused(at) or reader.is_in(at, "person") or reader.is_in(at, "weak title"))


def runs(reader: Reader, named: list[bool]) -> list[tuple[int, int]]:
    """First and last position of each name: joined words that are names are one."""
    found: list[tuple[int, int]] = []
    for at, is_name in enumerate(named):
        if not is_name:
            continue
        if found and found[-1][1] == at - 1 and reader.is_joined(at):
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at))
    return found
