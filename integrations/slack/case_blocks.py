"""A case as its card in the channel of its role, what happened in it as a line, and App Home: pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from advisor.cases.models import Case, CaseFile, Event, EventKind, State
from advisor.cases.wording import load_case_words
from advisor.learning import Point
from advisor.models import Contact
from advisor.people import Directory
from integrations.slack import limits
from integrations.slack.blocks import MOST_STATEMENT, source_line
from integrations.slack.escaping import link, plain
from integrations.slack.parts import Block, Message, actions, button, context, header, section, sections
from integrations.slack.words import SlackWords
from knowledge.vocabulary import Vocabulary

MOST_LISTED = 8
_LIVE_BUTTONS = ("case_claim", "case_decide", "case_ask", "case_note", "case_assign", "case_close")
_ENDED_BUTTONS = ("case_note",)
_QUESTION = 1500


class CaseBlocks:
    """Everything about cases that is shown in Slack."""

    def __init__(self, *, words: SlackWords, vocabulary: Vocabulary, directory: Directory) -> None:
        self._words, self._texts = words.case, words.case.texts
        self._home, self._vocabulary, self._directory = words.home, vocabulary, directory

    def card(self, file: CaseFile, *, group: str | None = None, reach: Sequence[Contact] = ()) -> Message:
        """The case for those who decide, with every button; ``group`` is the Slack user group that is called."""
        case, texts = file.case, self._texts
        facts = [
            f"*{texts['urgency']}*: {case.urgency.value}",
            f"*{texts['role']}*: {plain(self.role(case.role), most=100)}",
            f"*{texts['asked_by']}*: {plain(self._directory.name_of(case.asker), most=100)}",
            f"*{texts['state']}*: {self._state(case)}",
            f"*{texts['due']}*: {plain(self.day(case.due_at))}",
        ]
        call = f"<!subteam^{group}> " if group and case.state is State.OPEN else ""
        blocks: list[Block] = [
            header(texts["title"].format(case=case.id)),
            section(call + "\n".join(facts)),
            section(f"*{texts['question']}*\n{plain(case.question or '-', most=_QUESTION)}"),
            *self._answer(file),
            *self._reach(reach),
        ]
        names = _LIVE_BUTTONS if case.state.is_live else _ENDED_BUTTONS
        buttons = [self._button(name, case.id) for name in names]
        return Message(text=texts["notification"], blocks=(*blocks, actions(f"case:{case.id}", buttons)))

    def event(self, event: Event, *, for_asker: bool = False) -> Message:
        """What happened, in a line; the asker can answer when asked for more."""
        content = event.content or {}
        text = self.line(event)
        name = self._texts["title"].format(case=event.case)
        blocks = [section(f"*{plain(name)}*: {text}")] if for_asker else [section(text)]
        if for_asker and event.kind is EventKind.DECIDED:
            blocks += self._decision(content.get("decision", {}))
        if for_asker and event.kind is EventKind.ASKED:
            blocks.append(actions(f"reply:{event.case}", [self._button("case_reply", event.case)]))
        return Message(text=self._texts["notification_moved"], blocks=tuple(blocks))

    def learnt(self, point: Point) -> list[Block]:
        """One thing to know next time, word for word, and where it stands."""
        said = f"*{self._texts['next_time']}*\n• {plain(point.text, most=MOST_STATEMENT)}"
        return [section(said), context(source_line([point.citation]))]

    def line(self, event: Event) -> str:
        content = event.content or {}
        decision = content.get("decision") or {}
        said = content.get("text") or content.get("why") or decision.get("reasons") or ""
        outcome = load_case_words().outcomes.get(str(decision.get("outcome")), "")
        to = f"to {content['to_name']}" if content.get("to_name") else ""
        to = f"to {self.role(content['role'])}" if event.kind is EventKind.ASSIGNED and content.get("role") else to
        told = self._words.events.get(event.kind.value, event.kind.value)
        by = plain(str(content.get("name") or self._directory.name_of(str(content.get("by", "")))), most=100)
        return told.format(name=by, text=plain(str(said), most=_QUESTION), outcome=outcome, to=plain(to, most=150))

    def home(
        self,
        *,
        mine: Sequence[Case],
        queue: Sequence[Case],
        overdue: Sequence[Case],
        reviews: Sequence[tuple[str, str]],
        paused: str | None,
    ) -> Block:
        """App Home; ``reviews`` are documents with the day they are due."""
        home = self._home
        blocks: list[Block] = [header(home["title"])]
        if paused:
            blocks.append(section(plain(home["paused"].format(why=paused), most=MOST_STATEMENT)))
        blocks.append(actions("home", [button(home["ask"], action="home_ask", value="ask", style="primary")]))
        for name, cases in (("overdue", overdue), ("queue", queue), ("mine", mine)):
            blocks += self._list(home[name], cases)
        if reviews:
            lines = [f"• {plain(title, most=150)}: {plain(day)}" for title, day in reviews[:MOST_LISTED]]
            blocks += sections(home["reviews"], lines)
        return {"type": "home", "blocks": blocks}

    def role(self, name: str) -> str:
        return self._vocabulary.roles[name].label if name in self._vocabulary.roles else name.replace("_", " ")

    def day(self, at: datetime | None) -> str:
        return f"{at:%a %d %b, %H:%M} UTC" if at else "-"

    def _list(self, title: str, cases: Sequence[Case]) -> list[Block]:
        if not cases:
            return [section(f"*{title}*\n{self._home['nothing']}")]
        lines = [
            f"• {case.id}: {plain(case.question or '-', most=160)} ({self._state(case)}; {self.day(case.due_at)})"
            for case in cases[:MOST_LISTED]
        ]
        return sections(title, lines)

    def _state(self, case: Case) -> str:
        state = self._words.states[case.state.value]
        outcome = f": {load_case_words().outcomes[case.outcome.value]}" if case.outcome else ""
        held = self._texts["held_by"].format(name=self._directory.name_of(case.holder)) if case.holder else ""
        return plain(f"{state}{outcome} {held}".strip(), most=200)

    def _answer(self, file: CaseFile) -> list[Block]:
        answer = file.answer
        if answer is None:
            return []
        asks = [f"• {plain(ask.ask, most=MOST_STATEMENT)}" for ask in answer.to_settle]
        said = [
            f"• {plain(statement.text, most=300)} "
            + link(f"[{statement.citations[0]}]", url=answer.citation(statement.citations[0]).url)
            for statement in answer.statements[:5]
        ]
        why = context(f"{self._texts['why']}: {plain(answer.escalation.reason, most=MOST_STATEMENT)}")
        return [why, *sections(self._texts["settle"], asks), *sections(self._texts["answer"], said)]

    def _reach(self, reach: Sequence[Contact]) -> list[Block]:
        lines = [f"• {plain(f'{contact.name}, {contact.reach}', most=300)}" for contact in reach[:5]]
        return sections(self._texts["reach"], lines)

    def _decision(self, decision: dict[str, Any]) -> list[Block]:
        shown = [
            f"• {plain(load_case_words().fields[name].label)}: {plain(str(decision[name]), most=MOST_STATEMENT)}"
            for name in ("what", "to_whom", "how", "conditions", "told", "review_on")
            if decision.get(name)
        ]
        return sections(self._texts["state"], shown) if shown else []

    def _button(self, name: str, case: str) -> Block:
        style = "primary" if name in ("case_claim", "case_reply") else None
        return button(self._words.buttons[name][: limits.BUTTON_TEXT], action=name, value=case, style=style)
