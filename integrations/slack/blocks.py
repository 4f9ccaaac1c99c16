"""An answer as Slack messages: pure, no Slack client, no store. Whatever its size, every button is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from advisor.models import Answer, Citation, NoteKind, ReadFrom, Statement, StatementRole, ToSettle, Urgency
from advisor.outcomes import Outcome
from advisor.quoting import quotes_beneath, shown_text
from integrations.slack import limits
from integrations.slack.escaping import clipped, link, plain
from integrations.slack.parts import Block, Message, actions, button, context, header, section, sections, select
from integrations.slack.words import SlackWords
from knowledge.models import Standing, Verified
from knowledge.vocabulary import Vocabulary

ROOM = 11_500
"""Characters of a message that are filled; what Slack counts besides is not documented, so some are left."""
MOST_STATEMENT = 600
MOST_BUTTONS_TO_SETTLE = 4
NOT_SURE = "not-sure"
_ORDER = (
    StatementRole.GUIDANCE,
    StatementRole.BEFORE_YOU_SHARE,
    StatementRole.WHAT_WOULD_CHANGE_THIS,
    StatementRole.RISK_OF_SHARING,
    StatementRole.RISK_OF_NOT_SHARING,
    StatementRole.CASE_STUDY,
)
_SHOWN = {
    StatementRole.GUIDANCE: 4,
    StatementRole.BEFORE_YOU_SHARE: 3,
    StatementRole.WHAT_WOULD_CHANGE_THIS: 1,
    StatementRole.RISK_OF_SHARING: 2,
    StatementRole.RISK_OF_NOT_SHARING: 2,
    StatementRole.CASE_STUDY: 1,
    StatementRole.IF_URGENT: 2,
}
"""Statements of each kind in a message that people read on a phone; the rest is behind a button."""
_MOST_LINKED = 4
_MOST_CITED = 20
_FACETS = ("holder", "recipient", "subject", "information", "purpose", "consent", "mode", "nation")
_MISSED = ("holder", "recipient", "subject", "purpose", "consent")


def answer_message(
    answer: Answer,
    *,
    conversation: str,
    vocabulary: Vocabulary,
    words: SlackWords,
    private: bool = False,
    shared_by: str | None = None,
    unsure: Sequence[str] = (),
) -> Message:
    """The answer in one message, short enough to be changed in place.

    ``conversation`` is the name of the asker's conversation, which buttons bring back with the answer's id.
    ``private`` says that only the asker sees it in a shared place, and may show it there; ``shared_by`` is the Slack
    user id of whoever showed it to a thread: the answer is then without the asker's own buttons. ``unsure`` are the
    facets of which the asker said "not sure".
    """
    page = _Page(answer, conversation, vocabulary=vocabulary, words=words, private=private, shared_by=shared_by)
    page.unsure = frozenset(unsure)
    return page.short()


def full_messages(
    answer: Answer, *, conversation: str, vocabulary: Vocabulary, words: SlackWords
) -> tuple[Message, ...]:
    """Everything that was found, over as many messages as it takes, the buttons at the end of the last."""
    return _Page(answer, conversation, vocabulary=vocabulary, words=words, private=False, shared_by=None).full()


def act_now_message(texts: Sequence[str], *, words: SlackWords) -> Message:
    """What to do in an emergency, alone and first."""
    lines = [f"• {plain(text)}" for text in texts]
    blocks = (header(words.answer["act_now"]), section("\n".join(lines)))
    return Message(text=words.answer["notification_emergency"], blocks=blocks)


def plain_answer(answer: Answer, *, vocabulary: Vocabulary, words: SlackWords) -> tuple[str, ...]:
    """The answer as texts without blocks, for when Slack refuses those."""
    return _Page(answer, "", vocabulary=vocabulary, words=words, private=False, shared_by=None).as_texts()


def reference(answer: str, conversation: str) -> str:
    """What a button carries: the answer and the conversation it belongs to."""
    return f"{answer}|{conversation}"


def referred(value: str) -> tuple[str, str]:
    """The answer's id and the conversation that a button carried."""
    answer, _, conversation = value.partition("|")
    return answer, conversation


class _Page:
    def __init__(
        self,
        answer: Answer,
        conversation: str,
        *,
        vocabulary: Vocabulary,
        words: SlackWords,
        private: bool,
        shared_by: str | None,
    ) -> None:
        self._answer, self._vocabulary, self._words = answer, vocabulary, words
        self._reference = reference(answer.id, conversation)
        self.unsure: frozenset[str] = frozenset()
        self._private, self._shared_by = private, shared_by
        self._by_role: dict[StatementRole, list[Statement]] = {role: [] for role in StatementRole}
        for statement in answer.statements:
            self._by_role[statement.role].append(statement)
        self._by_role[StatementRole.GUIDANCE] = _every_strand_first(self._by_role[StatementRole.GUIDANCE])

    def short(self) -> Message:
        shown = self._shown_at_first()
        body = self._body(shown, whole=False)
        while not _fits([*body, *self._tail(more=True)]) and any(number > 1 for number in shown.values()):
            shown = {role: max(min(1, number), number - 1) for role, number in shown.items()}
            body = self._body(shown, whole=False)
        more = len(self._answer.statements) > sum(shown.values())
        return Message(text=self._notification, blocks=tuple(_fitted(body, self._tail(more=more))))

    def full(self) -> tuple[Message, ...]:
        tail = self._tail()
        pages: list[list[Block]] = [[]]
        for block in self._body({role: len(found) for role, found in self._by_role.items()}, whole=True):
            if not _fits([*pages[-1], block, *tail]):
                pages.append([])
            pages[-1].append(block)
        pages[-1] += tail
        return tuple(Message(text=self._notification, blocks=tuple(page)) for page in pages)

    def as_texts(self) -> tuple[str, ...]:
        lines = [_text_of(block) for block in self._body(self._shown_at_first(), whole=False)]
        lines.append(plain(self._words.plain["human"]))
        lines.append(plain(self._foot()))
        return _in_pieces([line for line in lines if line], most=limits.SECTION)

    @property
    def _notification(self) -> str:
        return self._words.answer["notification_emergency" if self._is_emergency else "notification"]

    @property
    def _is_emergency(self) -> bool:
        return self._answer.urgency is Urgency.EMERGENCY

    @property
    def _is_answered(self) -> bool:
        return self._answer.outcome is Outcome.ANSWERED

    def _shown_at_first(self) -> dict[StatementRole, int]:
        shown = {role: min(most, len(self._by_role[role])) for role, most in _SHOWN.items()}
        return shown if self._is_emergency else shown | {StatementRole.IF_URGENT: 0}

    def _body(self, shown: dict[StatementRole, int], *, whole: bool) -> list[Block]:
        found = {role: self._by_role[role][: shown.get(role, 0)] for role in StatementRole}
        used = [statement for statements in found.values() for statement in statements]
        parts: list[list[Block]] = [
            self._urgent(found[StatementRole.IF_URGENT]),
            self._message(),
            self._redacted(),
            self._understood(),
            self._who_decides(),
            self._statements(StatementRole.GUIDANCE, found[StatementRole.GUIDANCE]),
            self._asks(),
            *(self._statements(role, found[role]) for role in _ORDER[1:]),
            [] if self._is_emergency else self._statements(StatementRole.IF_URGENT, found[StatementRole.IF_URGENT]),
            self._record(),
            self._notes(whole=whole),
            self._composed_by(),
            self._sources(used),
        ]
        return [block for part in parts for block in part]

    def _urgent(self, statements: Sequence[Statement]) -> list[Block]:
        if not self._is_emergency:
            return []
        lines = [f"• {plain(text, most=MOST_STATEMENT)}" for text in self._answer.act_now]
        lines += [line for statement in statements for line in self._bullet(statement)]
        title = self._words.answer["act_now"]
        return [header(title), *sections(title, lines)]

    def _message(self) -> list[Block]:
        return [section(plain(self._answer.message, most=MOST_STATEMENT * 2))] if self._answer.message else []

    def _redacted(self) -> list[Block]:
        if not self._answer.redactions or self._shared_by:
            return []
        what = ", ".join(f"{redaction.label} ({redaction.count})" for redaction in self._answer.redactions)
        return [context(plain(self._words.answer["redacted"].format(what=what), most=MOST_STATEMENT))]

    def _understood(self) -> list[Block]:
        words, situation = self._words.answer, self._answer.situation
        read = [self._reading(facet) for facet in _FACETS if situation.reading(facet).value]
        missing = [self._vocabulary.facets[facet].label for facet in _MISSED if not situation.reading(facet).value]
        text = f"*{words['understood']}*\n{'; '.join(read) or words['nothing_understood']}"
        if missing and self._is_answered:
            text += f"\n*{words['not_said']}*: {plain('; '.join(missing))}"
        return [section(text, accessory=None if self._shared_by else self._button("correct"))]

    def _reading(self, facet: str) -> str:
        reading = self._answer.situation.reading(facet)
        label = plain("; ".join(self._vocabulary.label(facet, value) for value in reading.values))
        if reading.from_ is ReadFrom.WORDS and reading.words:
            return f"{label} (“{plain(reading.words, most=60)}”)"
        marks = {ReadFrom.OPTION: " (given)", ReadFrom.PROFILE: " (profile)", ReadFrom.DEFAULT: " (assumed)"}
        return label + (marks.get(reading.from_, "") if reading.from_ else "")

    def _who_decides(self) -> list[Block]:
        escalation = self._answer.escalation
        lines = []
        for role in dict.fromkeys((*escalation.roles, *(contact.role for contact in escalation.contacts))):
            label = self._vocabulary.roles[role].label if role in self._vocabulary.roles else role.replace("_", " ")
            people = [f"{found.name}, {found.reach}" for found in escalation.contacts if found.role == role]
            lines.append(f"• {plain(': '.join((label, '; '.join(people))) if people else label, most=MOST_STATEMENT)}")
        lines.append(plain(escalation.reason, most=MOST_STATEMENT))
        return sections(self._words.answer["take_it_to"], lines)

    def _statements(self, role: StatementRole, statements: Sequence[Statement]) -> list[Block]:
        lines = [line for statement in statements for line in self._bullet(statement)]
        return sections(self._words.answer[role.value], lines)

    def _bullet(self, statement: Statement) -> list[str]:
        """The statement as a line and, under a model's wording, each quote it rests on as a line of its own."""
        cited = [self._answer.citation(number) for number in statement.citations[:_MOST_CITED]]
        condition = f" ({plain(statement.condition, most=200)})" if statement.condition else ""
        doubt = any(citation.verified is Verified.UNVERIFIED for citation in cited)
        mark = f" ({self._words.answer['not_verified']})" if doubt else ""
        numbers = " ".join(
            link(f"[{citation.number}]", url=citation.url if place < _MOST_LINKED else "")
            for place, citation in enumerate(cited)
        )
        said = f"• {plain(shown_text(self._answer, statement), most=MOST_STATEMENT)}{condition}{mark} {numbers}"
        beneath = quotes_beneath(self._answer, statement)[:_MOST_CITED]
        return [said, *(f">{plain(quote, most=MOST_STATEMENT)}" for quote in beneath)]

    def _asks(self) -> list[Block]:
        asks = self._answer.to_settle
        if not asks:
            return []
        title = self._words.answer["find_out"]
        if self._shared_by:
            return sections(title, [f"• {plain(ask.ask, most=MOST_STATEMENT)}" for ask in asks])
        blocks: list[Block] = [section(f"*{title}*")]
        for ask in asks:
            blocks += self._ask(ask)
        return blocks

    def _ask(self, ask: ToSettle) -> list[Block]:
        """One thing to find out: buttons for a short choice, a menu for a long one; "not sure" in either."""
        text = f"{plain(ask.ask, most=MOST_STATEMENT)}\n{plain(ask.why, most=MOST_STATEMENT)}"
        if ask.facet in self.unsure:
            role = self._vocabulary.roles[self._answer.escalation.roles[0]].label
            text += f"\n{plain(self._words.answer['unsure'].format(role=role), most=MOST_STATEMENT)}"
        values = self._vocabulary.facets[ask.facet].values
        not_sure = self._words.answer["not_sure"]
        action = f"settle:{ask.facet}"
        if len(values) <= MOST_BUTTONS_TO_SETTLE:
            buttons = [
                button(label, action=f"{action}:{place}", value=value)
                for place, (value, label) in enumerate(
                    [*((value, entry.label) for value, entry in values.items()), (NOT_SURE, not_sure)]
                )
            ]
            return [section(text), actions(f"{action}|{self._reference}", buttons)]
        labels = {NOT_SURE: not_sure} | {value: entry.label for value, entry in values.items()}
        menu = select(
            action, dict(list(labels.items())[: limits.MOST_OPTIONS]), placeholder=self._words.answer["choose"]
        )
        return [section(text, accessory=menu) | {"block_id": f"{action}|{self._reference}"}]

    def _record(self) -> list[Block]:
        if not self._is_answered and not self._is_emergency:
            return []
        lines = [f"• {plain(text, most=MOST_STATEMENT)}" for text in self._answer.record]
        bring = "; ".join(self._answer.escalation.bring)
        lines += [f"• {self._words.answer['bring']}: {plain(bring, most=MOST_STATEMENT)}"] if bring else []
        return sections(self._words.answer["record"], lines)

    def _notes(self, *, whole: bool) -> list[Block]:
        kinds = set(NoteKind) if whole else set(NoteKind) - {NoteKind.NOT_COVERED, NoteKind.UNDER_REVIEW}
        notes = [note for note in self._answer.notes if note.kind in kinds]
        return [
            context(f"{self._words.answer['note']}: {plain(note.text, most=MOST_STATEMENT)}")
            for note in (notes if whole else notes[:2])
        ]

    def _composed_by(self) -> list[Block]:
        """Where a language model is on: what it wrote and what went where."""
        made = self._answer.composed_by
        return [context(plain(made.sent, most=MOST_STATEMENT))] if made else []

    def _sources(self, statements: Iterable[Statement]) -> list[Block]:
        numbers = sorted({number for statement in statements for number in statement.citations[:_MOST_CITED]})
        groups: dict[str, list[Citation]] = {}
        for number in numbers:
            citation = self._answer.citation(number)
            groups.setdefault(citation.document, []).append(citation)
        return sections(self._words.answer["sources"], [source_line(group) for group in groups.values()])

    def _tail(self, *, more: bool = False) -> list[Block]:
        """Buttons and what must be said of every answer: never given up to length."""
        names = ["human", "record", *(["show"] if self._private else []), *(["more"] if more else [])]
        first = actions(f"answer:{self._answer.id}", [self._button(name) for name in names])
        second = actions(f"feedback:{self._answer.id}", [self._button(name) for name in ("helpful", "not_helpful")])
        foot = context(plain(self._foot(), most=MOST_STATEMENT * 2))
        if self._shared_by:
            by = context(self._words.answer["in_thread"].format(user=f"<@{self._shared_by}>"))
            return [actions(f"answer:{self._answer.id}", [self._button("human")]), by, foot]
        return [first, second, foot]

    def _foot(self) -> str:
        return self._words.answer["foot"].format(id=self._answer.id, disclaimer=self._answer.disclaimer)

    def _button(self, name: str) -> Block:
        style = "primary" if name == "human" else None
        return button(self._words.buttons[name], action=name, value=self._reference, style=style)


def _every_strand_first(guidance: Sequence[Statement]) -> list[Statement]:
    """The best statement, then the best of each other legal question, then the rest."""
    first: dict[str, Statement] = {}
    for statement in guidance:
        first.setdefault(statement.strand or "", statement)
    leading = list(first.values())
    return [*leading, *(statement for statement in guidance if statement not in leading)]


def source_line(group: Sequence[Citation]) -> str:
    """One document: a number for each pinpoint, its name, standing, when it was read and how well checked."""
    first = group[0]
    own = "" if first.words == "source_text" else "our summary of "
    numbers: dict[str, str] = {}
    for citation in group:
        pinpoint = citation.pinpoint or "as a whole"
        numbers[pinpoint] = numbers.get(pinpoint, "") + f"[{citation.number}]"
    pinpoints = plain("; ".join(f"{found} {pinpoint}" for pinpoint, found in numbers.items()), most=1200)
    checks = {citation.verified for citation in group}
    weakest = next(check.value for check in reversed(Verified) if check in checks)
    standing = first.status.value.replace("_", " ")
    if first.status is Standing.IN_FORCE:
        standing = f"in force {first.in_force_from.year}" if first.in_force_from else "current"
    name = f"{link(clipped(first.title, 150), url=first.url)}: {own}{plain(first.source, most=150)}"
    return f"• {name}: {pinpoints} ({standing}; read {first.reviewed:%b %Y}, {weakest})"


def _size(blocks: Sequence[Block]) -> int:
    return sum(len(text) for text in limits.texts(blocks))


def _fits(blocks: Sequence[Block]) -> bool:
    return _size(blocks) <= ROOM and len(blocks) <= limits.MOST_BLOCKS


def _fitted(body: Sequence[Block], tail: Sequence[Block]) -> list[Block]:
    """As many blocks as there is room for before the tail, which stays whole."""
    kept: list[Block] = []
    for block in body:
        if not _fits([*kept, block, *tail]):
            break
        kept.append(block)
    return [*kept, *tail]


def _text_of(block: Block) -> str:
    """The words of a block without its marks: links become what they show and where they lead."""
    found = [block.get("text"), *block.get("elements", ())] if block["type"] in ("section", "context", "header") else []
    return "\n".join(part["text"].replace("*", "") for part in found if isinstance(part, dict) and "text" in part)


def _in_pieces(lines: Sequence[str], *, most: int) -> tuple[str, ...]:
    pieces = [""]
    for line in lines:
        if pieces[-1] and len(pieces[-1]) + 1 + len(line) > most:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]}\n{line}".strip()
    return tuple(piece[: limits.SECTION] for piece in pieces)
