"""Names of people, by what a word looks like, what the lists say of it, and the words around it. There is no model."""

from __future__ import annotations

from advisor.personal_data.introductions import (
    follows_a_person,
    follows_person,
    is_beside_name,
    is_introduced,
    is_titled,
    owns_kin,
    owns_something_personal,
)
from advisor.personal_data.lexicon import GIVEN, NAME, ORDINARY, PERSON_FIRST, PLACE, SURNAME, WORD
from advisor.personal_data.public_words import public_words
from advisor.personal_data.reader import Reader
from advisor.personal_data.tokens import Shape

_LONGEST_WORD = 40
_LONGEST_INITIALS = 3
_SLIP_FROM = 5
"""Letters from which a word that is one slip away from English is taken for that word."""


def find_names(reader: Reader) -> list[tuple[int, int]]:
    """First and last position of each name, in order."""
    public = public_words(reader)
    free = [at not in public and reader.tokens[at].shape is not Shape.NAME for at in range(len(reader))]
    named = [free[at] and _is_name(reader, at) for at in range(len(reader))]
    _spread(reader, named, free)
    _complete_lists(reader, named, free)
    _extend(reader, named, free)
    return _runs(reader, named)


def _is_name(reader: Reader, at: int) -> bool:
    """Whether the word is a name by itself, its neighbours apart."""
    token, marks = reader.tokens[at], reader.marks[at]
    if len(token.key) > _LONGEST_WORD or (token.shape is Shape.LOWER and marks and not marks & NAME):
        return False
    if is_titled(reader, at) or is_introduced(reader, at):
        return True
    if len(token.key) == 1 or reader.is_in(at, "never") or reader.is_in(at, "title"):
        return False
    if "." in token.text:
        return token.text.isupper() and token.key not in reader.lexicon.abbreviations
    if marks & NAME:
        return _is_strict_name(reader, at) if not marks & ORDINARY else _is_ambiguous_name(reader, at)
    if marks:
        return marks == WORD and token.shape is Shape.TITLE and not token.opens and owns_kin(reader, at) and not reader.is_refused(at)
    return _is_unknown_name(reader, at)


def _is_strict_name(reader: Reader, at: int) -> bool:
    """A word of the name lists that is nothing else; two letters want a capital."""
    token = reader.tokens[at]
    return len(token.key) > 2 or token.shape is Shape.TITLE


def _is_unknown_name(reader: Reader, at: int) -> bool:
    """A word no list holds: with a capital a name, without one only where the words around it say so."""
    token = reader.tokens[at]
    if reader.text[token.start - 1 : token.start] in _IN_A_LINK:
        return False
    if reader.key(at - 1) == "the" and reader.is_joined(at) and not reader.starts_with(at + 1, "belonging") and not token.key.endswith("s"):
        return False
    if token.shape is Shape.TITLE:
        return not token.opens or _is_person(reader, at) or not _is_slip(reader, at)
    if token.shape is Shape.UPPER and len(token.key) <= _LONGEST_INITIALS:
        return _is_initials(reader, at)
    return len(token.key) > 2 and _is_unknown_lower_name(reader, at) and not _is_slip(reader, at, shortest=4)


def _is_unknown_lower_name(reader: Reader, at: int) -> bool:
    """"osagie's mum", "my client osagie has", "osagie (15)", "osagie told me"."""
    token = reader.tokens[at]
    if owns_something_personal(reader, at) or (reader.is_aged(at) and token.shape is Shape.LOWER):
        return True
    if follows_a_person(reader, at) and not token.key.endswith(("ed", "ing", "ly")):
        return reader.ends_phrase(at) or reader.is_in(at + 1, "speech") or reader.key(at + 1) == "and"
    return reader.is_in(at + 1, "plain speech") and reader.key(at - 1) in _BEFORE_A_SUBJECT


def _is_initials(reader: Reader, at: int) -> bool:
    """"JB has told me", "client MK", "AK (15)", "TW's mum"."""
    if owns_something_personal(reader, at) or reader.is_aged(at):
        return True
    if follows_person(reader, at):
        return reader.ends_phrase(at) or reader.is_in(at + 1, "speech")
    return reader.is_in(at + 1, "plain speech") or (reader.key(at + 1) in ("has", "had") and reader.is_in(at + 2, "plain speech"))


_IN_A_LINK = frozenset("/=?&.@_#")
_BEFORE_A_SUBJECT = frozenset(["", "and", "that", "because", "but", "if", "as", "when", "after", "since", "while", "so", "what", "where"])


def _is_ambiguous_name(reader: Reader, at: int) -> bool:
    """A name that is a word, a place or an organisation too."""
    token, marks = reader.tokens[at], reader.marks[at]
    if token.shape is not Shape.TITLE:
        return bool(marks & GIVEN) and _is_lower_person(reader, at)
    if marks & PLACE:
        return _is_person(reader, at) or (bool(marks & PERSON_FIRST) and not _is_place(reader, at))
    if not marks & GIVEN:
        return owns_kin(reader, at) and not token.opens
    if marks & ORDINARY == WORD and not (token.opens or reader.is_in(at, "month") or _is_in_a_title(reader, at)):
        return reader.key(at - 1) not in _DETERMINERS or _is_person(reader, at)
    return _is_person(reader, at)


def _is_person(reader: Reader, at: int) -> bool:
    """Whether the words around a name with a capital speak of a person."""
    if owns_something_personal(reader, at) or reader.is_aged(at) or follows_person(reader, at) or is_beside_name(reader, at):
        return True
    if reader.is_joined(at + 1) and reader.is_title(at + 1) and _is_surname(reader, at + 1):
        return not _opens_a_question(reader, at)
    if reader.is_in(at, "month") and _is_before_number(reader, at):
        return False
    if reader.tokens[at].owns and reader.is_in(at + 1, "contraction") and not reader.is_in(at, "month"):
        return True
    if _is_given_something(reader, at) or _is_in_a_state(reader, at):
        return True
    doubtful = reader.is_in(at, "month") or reader.marks[at] & PLACE
    if reader.is_joined(at) and reader.is_in(at - 1, "told") and doubtful:
        return not _is_place(reader, at)
    if reader.ends_phrase(at):
        return False
    if reader.key(at + 1) == "from" and _is_from(reader, at + 2) or (reader.key(at + 1) == "in" and reader.is_in(at + 2, "department")):
        return True
    does = reader.is_in(at + 1, "plain speech" if doubtful else "speech")
    return does or (reader.key(at + 1) in ("has", "had", "just") and reader.is_in(at + 2, "plain speech"))


def _is_from(reader: Reader, at: int) -> bool:
    """True for "from HR", "from Oxfam"."""
    return reader.is_in(at, "department") or (at < len(reader) and reader.tokens[at].shape is not Shape.LOWER)


def _is_given_something(reader: Reader, at: int) -> bool:
    """True for "gave the file to April"; not for "from March to April"."""
    return reader.key(at - 1) == "to" and any(reader.is_in(before, "giving") for before in range(max(0, at - 6), at - 1))


def _is_in_a_state(reader: Reader, at: int) -> bool:
    """True for "May is confused", "June has dementia"."""
    return reader.key(at + 1) in ("is", "was", "has", "seems", "looks", "isn't") and reader.is_in(at + 2, "state")


def _is_surname(reader: Reader, at: int) -> bool:
    """A surname that can follow a given name, though it may be a word too."""
    marks = reader.marks[at]
    return bool(marks & SURNAME) or (not marks and not reader.tokens[at].opens)


def _opens_a_question(reader: Reader, at: int) -> bool:
    """True for "Will Kelly be": an opening word, a name, and a verb no name has after it."""
    if not reader.tokens[at].opens or not reader.is_in(at, "modal"):
        return False
    after = at + 1
    while reader.is_joined(after) and reader.is_title(after):
        after += 1
    return reader.is_in(after, "base verb") or not reader.marks[at + 1] & SURNAME or reader.tokens[after - 1].owns


def _is_lower_person(reader: Reader, at: int) -> bool:
    """An ambiguous name without a capital: "grace's mum", "my client grace has", "mark told me"."""
    if owns_kin(reader, at) or reader.is_aged(at):
        return reader.key(at - 1) not in _DETERMINERS
    if reader.is_in(at, "month") or reader.is_in(at, "modal") or reader.key(at - 1) in _DETERMINERS:
        return False
    if reader.tokens[at].owns:
        return reader.is_in(at + 1, "contraction")
    if reader.ends_phrase(at):
        return False
    if follows_person(reader, at) and reader.is_in(at + 1, "speech"):
        return True
    if reader.key(at - 1) in _TELLING and reader.is_in(at + 1, "after a name"):
        return True
    if reader.key(at - 1) in _ASKING and reader.is_in(at + 1, "doing"):
        return True
    if reader.key(at - 1) not in _BEFORE_A_SUBJECT:
        return False
    return reader.is_in(at + 1, "plain speech") or (reader.key(at + 1) == "from" and reader.is_in(at + 2, "department"))


_TELLING = frozenset("told tell telling ask asked asking met phoned rang emailed texted messaged".split())
_ASKING = frozenset("does did do has is can should would could will if when that because whether".split())
_DETERMINERS = frozenset("the a an this that my our your his her their its in of no any every".split())


def _is_in_a_title(reader: Reader, at: int) -> bool:
    """True for "Facilities Grant" and "Hope House": other words with capitals beside it."""
    for beside, joined in ((at - 1, at), (at + 1, at + 1)):
        if reader.is_joined(joined) and reader.is_title(beside) and not reader.marks[beside] & NAME:
            plain = bool(reader.marks[beside] & ORDINARY) and not reader.tokens[beside].opens
            if plain and not (beside < at and reader.ends_with(beside, "person")):
                return True
    return False


def _is_place(reader: Reader, at: int) -> bool:
    """Whether the words around the name speak of a place: "in Jordan", "moved to Chelsea", "Victoria Road"."""
    if reader.is_joined(at + 1) and reader.is_in(at + 1, "place follows"):
        return True
    if reader.is_joined(at) and reader.is_in(at - 1, "place preposition"):
        return True
    if reader.key(at - 1) == "from" or _is_listed_with_place(reader, at):
        return True
    return reader.key(at - 1) == "to" and any(reader.is_in(before, "motion") for before in range(at - 5, at - 1))


def _is_listed_with_place(reader: Reader, at: int) -> bool:
    """True for "Nelson, Colne and Burnley" and "Kerry in Ireland"."""
    if at + 1 < len(reader) and reader.gap(at + 1) == ", ":
        return bool(reader.marks[at + 1] & PLACE)
    return reader.key(at + 1) in ("and", "or", "in") and at + 2 < len(reader) and bool(reader.marks[at + 2] & PLACE)


def _is_slip(reader: Reader, at: int, *, shortest: int = _SLIP_FROM) -> bool:
    key = reader.key(at)
    return len(key) >= shortest and reader.lexicon.words.is_almost(key)


def _spread(reader: Reader, named: list[bool], free: list[bool]) -> None:
    """A word that is a name once is one wherever it can be."""
    keys = {reader.key(at) for at, is_name in enumerate(named) if is_name and len(reader.key(at)) > 1}
    for at, token in enumerate(reader.tokens):
        if free[at] and not named[at] and token.key in keys and not reader.is_in(at, "month"):
            if token.shape is Shape.LOWER:
                named[at] = not reader.marks[at] & ORDINARY
            else:
                named[at] = not (token.opens and reader.is_in(at, "modal")) and not reader.marks[at] & PLACE


def _complete_lists(reader: Reader, named: list[bool], free: list[bool]) -> None:
    """The first of "Grace, Joy and Mercy", which opens the sentence and so shows nothing by its capital."""
    for at in range(len(reader) - 2, -1, -1):
        candidate = free[at] and not named[at] and reader.is_title(at) and reader.marks[at] & GIVEN
        if candidate and not reader.is_in(at, "month") and _is_listed_with(reader, at, named):
            named[at] = True


def _is_listed_with(reader: Reader, at: int, named: list[bool]) -> bool:
    """True where "and", or a comma that no clause follows, joins the word to a name."""
    if reader.gap(at + 1) == ", ":
        return named[at + 1] and (reader.gap(at + 2) == ", " or reader.key(at + 2) == "and") if at + 2 < len(reader) else False
    return reader.key(at + 1) in ("and", "or", "n") and at + 2 < len(reader) and named[at + 2]


def _extend(reader: Reader, named: list[bool], free: list[bool]) -> None:
    """Surnames after, and given names and initials before, what is a name already."""
    for at in range(1, len(reader)):
        if named[at - 1] and not named[at] and free[at] and reader.is_joined(at):
            named[at] = _is_next_part(reader, at) or _is_particle(reader, at)
    for at in range(len(reader) - 2, -1, -1):
        if named[at + 1] and not named[at] and free[at] and reader.is_joined(at + 1):
            named[at] = _is_part_before(reader, at)


def _is_next_part(reader: Reader, at: int) -> bool:
    token, marks = reader.tokens[at], reader.marks[at]
    if len(token.key) == 1:
        return token.shape is Shape.UPPER and token.key not in "ai"
    if reader.is_refused(at) and not marks & NAME or reader.is_in(at, "never"):
        return False
    if token.shape is Shape.LOWER:
        return _is_lower_surname(reader, at)
    if token.shape is Shape.UPPER:
        return bool(marks & NAME) or (not marks and len(token.key) > _LONGEST_INITIALS)
    if reader.is_in(at, "month") and _is_before_number(reader, at):
        return False
    return bool(marks & NAME) or not marks or _is_double_barrelled(reader, at)


def _is_double_barrelled(reader: Reader, at: int) -> bool:
    """"Vane-Tempest" after a given name, though both halves are words."""
    parts = reader.tokens[at].text.split("-")
    return len(parts) == 2 and all(part[:1].isupper() and len(part) > 2 for part in parts) and reader.is_strict(at - 1, GIVEN)


def _is_before_number(reader: Reader, at: int) -> bool:
    """True for "May 2026" and "May 3"."""
    end = reader.tokens[at].end
    return reader.text[end : end + 2].strip(" ")[:1].isdigit()


def _is_lower_surname(reader: Reader, at: int) -> bool:
    """"chloe smith", "dave okonkwo", and "chloe brown" where the clause goes on as after a name."""
    marks, ends = reader.marks[at], reader.ends_phrase(at) or reader.is_in(at + 1, "after a name") or reader.is_in(at + 1, "speech")
    if marks & NAME and not marks & ORDINARY:
        return True
    if marks:
        return ends and reader.is_in(at, "lower surname")
    return ends and len(reader.key(at)) > 3 and not _is_slip(reader, at)


def _is_particle(reader: Reader, at: int) -> bool:
    """"de" in "de Souza": a small word with a surname after it."""
    return reader.is_in(at, "particle") and reader.is_joined(at + 1) and (
        reader.is_strict(at + 1) or (reader.is_title(at + 1) and not reader.marks[at + 1] & ORDINARY)
    )


def _is_rare_given_name(reader: Reader, at: int) -> bool:
    """"Talent" in "Talent Sibanda": a word with a capital before what is a surname only, and no role."""
    if not reader.is_title(at) or reader.marks[at] != WORD or reader.is_strict(at + 1, GIVEN) or not reader.is_strict(at + 1, SURNAME):
        return False
    return not reader.is_refused(at) and not reader.is_in(at, "person") and not reader.is_in(at, "weak title") and len(reader.key(at)) > 3


def _is_leading_particle(reader: Reader, at: int) -> bool:
    """"de" before "Souza"; "van" only after a title or before "der"."""
    if not reader.is_in(at, "particle") or len(reader.key(at)) < 2:
        return False
    if reader.key(at) not in ("van", "la", "le", "el", "st"):
        return True
    return reader.is_in(at + 1, "particle") or (reader.is_joined(at) and reader.is_in(at - 1, "title"))


def _is_part_before(reader: Reader, at: int) -> bool:
    token, marks = reader.tokens[at], reader.marks[at]
    if len(token.key) == 1:
        dotted = reader.gap(at + 1).startswith(".")
        return token.shape is Shape.UPPER and (dotted or (token.key not in "ai" and not reader.ends_with(at - 1, "person")))
    if _is_leading_particle(reader, at):
        return True
    if reader.is_in(at, "title") or (not marks & GIVEN and not _is_rare_given_name(reader, at)):
        return False
    if token.shape is not Shape.TITLE:
        return reader.is_strict(at + 1, SURNAME) and not reader.is_in(at, "modal")
    return not _opens_a_question(reader, at)


def _runs(reader: Reader, named: list[bool]) -> list[tuple[int, int]]:
    """Joined words that are names, as one name each; a particle that leads nowhere is dropped."""
    runs: list[tuple[int, int]] = []
    for at, is_name in enumerate(named):
        if not is_name:
            continue
        if runs and runs[-1][1] == at - 1 and reader.is_joined(at):
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs
