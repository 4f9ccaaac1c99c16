"""Reads who, what, whom and why out of a question, keeping the words that say so; unknown is a value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from advisor.models import FacetReading, ReadFrom, Situation
from knowledge.phrases import Match, PhraseFinder, Word, read_words
from knowledge.vocabulary import Vocabulary

_NEAR = 4
"""Words between a cue and the noun it speaks of, at most."""
_ORGANISATIONS = frozenset(
    "police social_care health education housing council probation youth_justice fire voluntary government"
    " multi_agency court press elected_representative regulator safeguarding_board employer data_subject".split()
)
"""Recipients that count when merely named; a person (a mother, a neighbour) counts only with a cue."""
_HOLDER_OF = {"employer": "private", "carer": "social_care"}
_SIGNATURE = 7
"""Words of a clause that only says who is speaking, such as "Women's Aid worker in Swansea", at most."""
_NUMBERS = tuple(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen""".split()
)
_AGE = re.compile(
    r"(?:\b(?:aged?|is|just turned|turned|was|shes|hes)|\w['’]s|she['’]s|he['’]s)\s+(?:only |just )?"
    r"(?P<a>\d{1,3})\b(?!\s*(?:%|months?|years? ago|weeks?|days?|hours?|am\b|pm\b|people|of|miles|per|k\b))"
    r"|\b(?P<b>\d{1,3})[\s-]*(?:years?[\s-]*old|yrs?[\s-]*old|yo|y/o|yr old)\b"
    r"|\((?P<c>\d{1,2})[,)]"
    rf"|(?:\b(?:aged?|is|shes|hes)|\w['’]s)\s+(?:only |just )?(?P<d>{'|'.join(_NUMBERS[1:])})\b"
    r"(?!\s*(?:of|months?|weeks?|days?))",
    re.IGNORECASE,
)
_ADULT_AGE = 18
_MEANING = 0.62
"""Cosine from which a clause that holds no known word is read by meaning; set on the development questions."""


class SituationReader:
    """Reads situations with the words of the vocabulary; build once, use for every question."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._finders = {
            facet: PhraseFinder((word, value) for value, entry in of.values.items() for word in entry.words)
            for facet, of in vocabulary.facets.items()
        }
        self._order = {
            facet: {value: place for place, value in enumerate(of.values)} for facet, of in vocabulary.facets.items()
        }
        self._cues = {
            name: PhraseFinder((phrase, name) for phrase in phrases) for name, phrases in vocabulary.cues.items()
        }
        self._negations = {read_words(word)[0].folded for word in vocabulary.negations}

    def read(
        self,
        text: str,
        *,
        options: Mapping[str, str] | None = None,
        profile: Mapping[str, str] | None = None,
        meanings: Mapping[str, tuple[str, float, str]] | None = None,
    ) -> Situation:
        """The situation a text describes.

        ``options`` override what was read, ``profile`` fills what is unknown, and ``meanings`` give, by facet,
        the value, cosine and clause nearest in meaning, used where no word said anything.
        """
        words = read_words(text)
        readings = {facet: self._facet(facet, text, words) for facet in self._plain_facets()}
        readings["recipient"], readings["holder"] = self._parties(text, words)
        readings["subject"] = self._with_age(readings["subject"], text)
        for facet, (value, cosine, clause) in (meanings or {}).items():
            if not readings[facet].value and cosine >= _MEANING:
                readings[facet] = FacetReading(value=value, from_=ReadFrom.WORDS, words=clause)
        for facet, value in (profile or {}).items():
            if not readings[facet].value:
                readings[facet] = FacetReading(value=value, from_=ReadFrom.PROFILE)
        for facet, value in (options or {}).items():
            readings[facet] = FacetReading(value=value, from_=ReadFrom.OPTION)
        if not readings["nation"].value:
            readings["nation"] = FacetReading(value="england", from_=ReadFrom.DEFAULT)
        return Situation(**readings)

    def _plain_facets(self) -> list[str]:
        return [facet for facet in self._vocabulary.facets if facet not in ("holder", "recipient")]

    def _facet(self, facet: str, text: str, words: list[Word]) -> FacetReading:
        matches = []
        for match in self._finders[facet].find(words):
            value = self._meant(facet, match, words)
            if value:
                matches.append(match._replace(value=value))
        return self._chosen(facet, matches, text, words)

    def _meant(self, facet: str, match: Match, words: list[Word]) -> str | None:
        """What a match says once negation is heard, or None when it says nothing."""
        before = [word.folded for word in words[max(0, match.first - 3) : match.first]]
        negated = any(word in self._negations for word in before)
        if facet != "consent":
            doubted = facet in ("purpose", "mode") or match.value == "adult_lacking_capacity"
            return None if negated and doubted else match.value
        if negated:
            return "not_given" if match.value == "given" else None
        if match.value == "refused" and (before[-1:] in (["i"], ["we"]) or self._is_unsaid_asker(match, words)):
            return None
        if match.value == "given" and "if" in before:
            return "not_given"
        if match.value == "refused" and self._spoken_by_parent(match, words):
            return "parent_refused"
        return match.value

    def _is_unsaid_asker(self, match: Match, words: list[Word]) -> bool:
        """Whether "don't want ..." opens a sentence, so that the asker is its unsaid subject."""
        opens = match.first == 0 or words[match.first - 1].sentence != words[match.first].sentence
        return opens and words[match.first].folded in ("dont", "do")

    def _spoken_by_parent(self, match: Match, words: list[Word]) -> bool:
        before = words[max(0, match.first - _NEAR) : match.first]
        return any(found.value == "parent" for found in self._finders["recipient"].find(before))

    def _chosen(self, facet: str, matches: Sequence[Match], text: str, words: list[Word]) -> FacetReading:
        if not matches:
            return FacetReading()
        order = self._order[facet]
        ranked = sorted(matches, key=lambda match: (order[match.value], match.first))
        best = ranked[0]
        also = dict.fromkeys(match.value for match in ranked if match.value != best.value)
        return FacetReading(
            value=best.value,
            from_=ReadFrom.WORDS,
            words=text[words[best.first].start : words[best.after - 1].end],
            also=tuple(also) if facet not in ("mode", "consent", "nation") else (),
        )

    def _parties(self, text: str, words: list[Word]) -> tuple[FacetReading, FacetReading]:
        """Recipient and holder, told apart by the cues around each noun."""
        cues = {name: finder.find(words) for name, finder in self._cues.items()}
        recipients: list[tuple[int, Match]] = []
        holders: list[tuple[int, Match]] = [(2, match) for match in self._finders["holder"].find(words)]
        for noun in self._finders["recipient"].find(words):
            holds = self._holder_score(noun, cues, words, text)
            if holds:
                holders.append((holds, noun._replace(value=_HOLDER_OF.get(noun.value, noun.value))))
                continue
            score = self._recipient_score(noun, cues, words)
            if score > 0:
                recipients.append((score, noun))
        known = self._vocabulary.facets["holder"].values
        return (
            _strongest(recipients, text, words),
            _strongest([(score, match) for score, match in holders if match.value in known], text, words),
        )

    def _holder_score(self, noun: Match, cues: Mapping[str, list[Match]], words: list[Word], text: str) -> int:
        """How plainly a noun is the asker's own body: 0 when it is not."""
        told = self._gap_before(noun, cues["recipient_before"], words)
        held = self._gap_before(noun, cues["holder_before"], words)
        asks = self._gap_after(noun, cues["recipient_after"], words) <= 1
        if held <= 2 and told > held and not (asks and held > 0):
            return 5
        if self._is_signature(noun, cues, words, text):
            return 4
        framed = self._gap_before(noun, cues["frame_before"], words) <= 1
        if framed and self._gap_after(noun, cues["frame_after"], words) == 0:
            return 3
        return (
            3 if self._gap_before(noun, cues["asked_before"], words) <= 1 and not self._asker_asked(noun, words) else 0
        )

    def _is_signature(self, noun: Match, cues: Mapping[str, list[Match]], words: list[Word], text: str) -> bool:
        """Whether a noun stands in a short clause, at either end of the text, that only says who is speaking."""
        first, after = _clause(noun, words, text)
        if after - first > _SIGNATURE or (first > 0 and after < len(words)):
            return False
        around = [cue for name in _SPEECH for cue in cues[name] if first <= cue.first < after]
        asked = text[words[after - 1].end : words[after - 1].end + 2].strip().startswith("?")
        return not around and not asked and noun.value not in ("parent", "family", "partner", "public", "data_subject")

    def _asker_asked(self, noun: Match, words: list[Word]) -> bool:
        return any(word.folded in ("i", "we", "ive", "weve") for word in words[max(0, noun.first - 4) : noun.first])

    def _recipient_score(self, noun: Match, cues: Mapping[str, list[Match]], words: list[Word]) -> int:
        """How plainly a noun is who would receive it."""
        asks = self._gap_after(noun, cues["recipient_after"], words) <= 2
        spoke = self._gap_after(noun, cues["source_after"], words) <= 1 or (
            self._gap_before(noun, cues["source_before"], words) <= 1
        )
        denied = any(word.folded in self._negations for word in words[noun.after : noun.after + 2])
        score = 3 if noun.value == "data_subject" else 1 if noun.value in _ORGANISATIONS else 0
        score += 3 if self._gap_before(noun, cues["recipient_before"], words) <= 2 else 0
        score += 3 if asks and not spoke and not denied else 0
        return score - (2 if spoke or denied else 0)

    def _gap_before(self, noun: Match, cues: list[Match], words: list[Word]) -> int:
        gaps = [
            noun.first - cue.after
            for cue in cues
            if cue.after <= noun.first and words[cue.first].sentence == words[noun.first].sentence
        ]
        return min(gaps, default=99)

    def _gap_after(self, noun: Match, cues: list[Match], words: list[Word]) -> int:
        gaps = [
            cue.first - noun.after
            for cue in cues
            if cue.first >= noun.after and words[cue.first].sentence == words[noun.first].sentence
        ]
        return min(gaps, default=99)

    def _with_age(self, subject: FacetReading, text: str) -> FacetReading:
        match = _AGE.search(text)
        if not match:
            return subject
        said = match["a"] or match["b"] or match["c"] or match["d"]
        age = int(said) if said.isdigit() else _NUMBERS.index(said.lower())
        value = "child" if age < _ADULT_AGE else "adult"
        if subject.value in (None, "adult", "child", "parent_or_carer", "family"):
            return FacetReading(value=value, from_=ReadFrom.WORDS, words=match[0].strip("() "), also=subject.also)
        return subject.model_copy(update={"also": tuple(dict.fromkeys((*subject.also, value)))})


_SPEECH = ("recipient_after", "recipient_before", "source_after", "frame_after", "asked_before")


def _clause(noun: Match, words: list[Word], text: str) -> tuple[int, int]:
    """Words of the clause a noun stands in: bounded by sentence, comma, dash or colon."""
    first, after = noun.first, noun.after
    while first > 0 and not _is_break(words[first - 1], words[first], text):
        first -= 1
    while after < len(words) and not _is_break(words[after - 1], words[after], text):
        after += 1
    return first, after


def _is_break(left: Word, right: Word, text: str) -> bool:
    return left.sentence != right.sentence or bool(re.search(r"[,:;\u2013\u2014]| - ", text[left.end : right.start]))


def _strongest(scored: list[tuple[int, Match]], text: str, words: list[Word]) -> FacetReading:
    if not scored:
        return FacetReading()
    ranked = sorted(scored, key=lambda pair: (-pair[0], pair[1].first))
    best = ranked[0][1]
    also = dict.fromkeys(match.value for score, match in ranked if match.value != best.value and score >= 3)
    return FacetReading(
        value=best.value,
        from_=ReadFrom.WORDS,
        words=text[words[best.first].start : words[best.after - 1].end],
        also=tuple(also),
    )


def clauses(text: str) -> list[tuple[int, int]]:
    """Character spans of the sentences and comma-parted clauses of a text that hold at least three words."""
    spans, start = [], 0
    for match in re.finditer(r"[.?!;,\n]+|\band\b|\bbut\b|$", text):
        if len(text[start : match.start()].split()) >= 3:
            spans.append((start, match.start()))
        start = match.end()
    return spans or [(0, len(text))]
