"""Whether a word is ordinary English: a short list of stems, and the endings English puts on them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ENDINGS: dict[str, tuple[str, ...]] = {
    "s": ("",), "es": ("",), "ies": ("y",), "ed": ("", "e"), "ied": ("y",), "ing": ("", "e"), "ings": ("", "e"),
    "er": ("", "e"), "ers": ("", "e"), "ier": ("y",), "or": ("", "e"), "est": ("", "e"), "iest": ("y",),
    "ly": ("", "le"), "ily": ("y",), "ally": ("", "al"), "ness": ("",), "iness": ("y",), "ment": ("",),
    "able": ("", "e"), "less": ("",), "ful": ("",), "ation": ("", "e"), "ion": ("", "e"), "al": ("",),
    "ity": ("", "e"), "ability": ("able",), "bility": ("ble",), "ive": ("", "e"), "ist": ("",), "ish": ("",),
    "ship": ("",), "hood": ("",), "ward": ("",), "wards": ("",), "y": ("",), "ic": ("",), "ical": ("ic",),
    "ise": ("",), "ised": ("",), "ising": ("",), "isation": ("",), "ize": ("",), "ized": ("",), "izing": ("",),
    "ization": ("",), "ance": ("", "ant"), "ence": ("ent",), "ency": ("ent",), "ancy": ("ant",), "ous": ("",),
    "ism": ("",), "ate": ("", "e"), "ated": ("", "e"), "ating": ("", "e"),
    "man": ("",), "men": ("",), "like": ("",), "worker": ("",), "workers": ("",),
}  # fmt: skip
_BEGINNINGS = frozenset(
    "un re dis over under mis non pre inter anti out in im ir co sub up down self back fore post semi multi de counter "
    "micro super trans mid off after cross head home house land some any every light hand work".split()
)
_SHAPE = re.compile(
    r".{3,}(?:tion|sion|ment|ness|ity|ism|ology|ography|ship|less|ously|ally|is(?:ing|ed|ation)|iz(?:ing|ed|ation)"
    r"|olol|pril|sartan|statin|azepam|zolam|oxetine|triptyline|prazole|cillin|mycin|profen|gliptin|xaban"
    r"|ability|ible|ation|ative|ional|ately|ing|ingly|edly|ture|ance|ence|hood|some|ware|phobia|ically|iatric|ological)s?"
)
_LONGEST_SLIP = 16
"""Letters up to which a slip of the fingers is looked for."""
_SHAPE_FROM = 7
"""Letters a word must have before its ending alone shows it to be ordinary ("safeguarding")."""


class EnglishWords:
    """The ordinary words: in the list, made from one in the list, or of an unmistakable shape."""

    def __init__(self, stems: Collection[str]) -> None:
        self._stems = frozenset(stems)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and (word in self._stems or self.is_derived(word))

    def is_derived(self, word: str) -> bool:
        if len(word) >= _SHAPE_FROM and _SHAPE.fullmatch(word):
            return True
        return self._is_built(word, steps=2)

    def is_almost(self, word: str) -> bool:
        """True for two words written as one, and where one slip of the fingers parts the word from an ordinary one."""
        if len(word) > _LONGEST_SLIP:
            return False
        joined = any(word[:at] in self._stems and word[at:] in self for at in range(4, len(word) - 3))
        return joined or any(map(self._is_plain, _slips(word)))

    def _is_plain(self, word: str) -> bool:
        """In the list, or made from a word in it by one of the commonest endings."""
        stems = self._stems
        if word in stems:
            return True
        if word.endswith("ing"):
            return word[:-3] in stems or word[:-3] + "e" in stems
        if word.endswith(("s", "d")):
            return word[:-1] in stems or word[:-2] in stems
        return word.endswith("ly") and word[:-2] in stems

    def _is_built(self, word: str, *, steps: int) -> bool:
        """Stem and ending, or beginning and stem, at most ``steps`` of them."""
        if len(word) < 4:
            return False
        for stem in _stems_of(word):
            if stem in self._stems or (steps > 1 and len(stem) > 3 and self._is_built(stem, steps=steps - 1)):
                return True
        return False


def _stems_of(word: str) -> Iterator[str]:
    for size in range(1, min(8, len(word) - 1)):
        base = word[:-size]
        for instead in _ENDINGS.get(word[-size:], ()):
            yield base + instead
            if not instead and len(base) > 3 and base[-1] == base[-2]:
                yield base[:-1]
    for size in range(2, min(8, len(word) - 2)):
        if word[:size] in _BEGINNINGS:
            yield word[size:]


def _slips(word: str) -> Iterator[str]:
    """The word with two letters changed about, a doubled one left out, or one put in."""
    for at in range(1, len(word)):
        if word[at] == word[at - 1]:
            yield word[:at] + word[at + 1 :]
        else:
            yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    for at in range(1, len(word) + 1):
        for letter in _LETTERS:
            yield word[:at] + letter + word[at:]
