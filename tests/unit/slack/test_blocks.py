"""An answer in Slack: whole, in order, harmless, and within every limit whatever its size."""

from __future__ import annotations

import itertools
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock

from advisor.models import Answer, ComposedBy, ModelUse, Writing
from advisor.outcomes import Outcome
from integrations.slack import limits
from integrations.slack.blocks import act_now_message, answer_message, full_messages, plain_answer, referred
from integrations.slack.parts import Block, Message
from integrations.slack.words import load_words
from knowledge.vocabulary import load_vocabulary
from tests.unit.slack.answers import NASTY, an_answer, an_emergency, sized

CONVERSATION = "C0CHANNEL/1795500001.000100/U0ASKER01"


def shown(
    answer: Answer, *, private: bool = False, shared_by: str | None = None, unsure: tuple[str, ...] = ()
) -> Message:
    return answer_message(
        answer,
        conversation=CONVERSATION,
        vocabulary=load_vocabulary(),
        words=load_words(),
        private=private,
        shared_by=shared_by,
        unsure=unsure,
    )


def whole(answer: Answer) -> tuple[Message, ...]:
    return full_messages(answer, conversation=CONVERSATION, vocabulary=load_vocabulary(), words=load_words())


def titles(message: Message) -> list[str]:
    """The headings and titled sections of a message, in order."""
    found = []
    for block in message.blocks:
        text = block["text"]["text"] if "text" in block else ""
        match = re.match(r"\*(.+?)\*", text)
        if block["type"] == "header" or match:
            found.append(match[1] if match else text)
    return found


def elements(message: Message) -> list[Block]:
    actions = [element for block in message.blocks for element in block.get("elements", []) if "action_id" in element]
    return actions + [block["accessory"] for block in message.blocks if "accessory" in block]


def names(message: Message) -> set[str]:
    return {str(element["action_id"]) for element in elements(message)}


def test_an_answer_is_laid_out_in_the_order_in_which_people_need_it() -> None:
    assert titles(shown(an_answer())) == [
        "What was understood",
        "Who decides",
        "What the guidance says",
        "Find out first: it would change this answer",
        "Settle before you share",
        "What would change this",
        "Risk if you share",
        "Risk if you do not",
        "A case like this",
        "Whatever is decided, record it",
        "Sources (our summaries; follow the number to the source)",
    ]


def test_in_an_emergency_what_to_do_comes_first() -> None:
    message = shown(an_emergency())
    assert message.blocks[0] == {"type": "header", "text": {"type": "plain_text", "text": "Act now", "emoji": False}}
    assert "Ring 999 now" in message.blocks[1]["text"]["text"]
    assert message.text == load_words().answer["notification_emergency"]


def test_every_quote_carries_its_number_as_a_link_to_its_source() -> None:
    text = json.dumps(shown(an_answer()).blocks, ensure_ascii=False)
    assert re.search(r"A police request is only[^\\]* <https://example\.org/police-asking\|\[\d\]>", text)


def test_under_a_sentence_that_a_model_wrote_stands_the_quote_it_rests_on() -> None:
    answer = an_answer()
    first = answer.statements[0]
    reworded = first.model_copy(update={"text": "In other words of a model."})
    message = shown(answer.model_copy(update={"statements": (reworded, *answer.statements[1:])}))
    quote = answer.citation(first.citations[0]).quote
    assert re.search(rf"In other words of a model\..*\n>{re.escape(quote)}", "\n".join(_texts(message)))


def test_what_a_model_was_sent_is_said() -> None:
    use = ModelUse(model="test:model", outcome=Writing.WRITTEN, prompt_digest="0")
    made = ComposedBy(composer="llm:test:model", writing=use, sent="The question went to model.test.")
    assert "The question went to model.test." in _texts(shown(an_answer().model_copy(update={"composed_by": made})))


def test_the_words_of_a_source_itself_stand_in_quotation_marks() -> None:
    answer = an_answer()
    own = tuple(each.model_copy(update={"words": "source_text"}) for each in answer.citations)
    text = "\n".join(_texts(shown(answer.model_copy(update={"citations": own}))))
    assert f"“{answer.statements[0].text}”" in text


def _texts(message: Message) -> list[str]:
    return list(limits.texts(message.blocks))


def test_the_notification_says_nothing_of_the_question() -> None:
    answer = an_answer()
    assert shown(answer).text == "Guidance on your question, and who decides."


def test_what_was_understood_can_be_corrected() -> None:
    understood = next(block for block in shown(an_answer()).blocks if "What was understood" in str(block.get("text")))
    assert understood["accessory"]["action_id"] == "correct"
    assert referred(understood["accessory"]["value"]) == (an_answer().id, CONVERSATION)


def test_what_is_to_settle_can_be_chosen_and_not_sure_is_among_it() -> None:
    menus = [element for element in elements(shown(an_answer())) if element["type"] == "static_select"]
    assert menus
    for menu in menus:
        assert menu["options"][0]["value"] == "not-sure"


def test_a_short_choice_is_buttons() -> None:
    answer = sized(statements=3, asks=7)
    assert {"settle:nation:0", "settle:nation:4"} <= names(shown(answer))


def test_not_sure_leads_to_the_human_who_decides() -> None:
    facet = an_answer().to_settle[0].facet
    assert "You are not sure. That is a good answer" in json.dumps(shown(an_answer(), unsure=(facet,)).blocks)


def test_in_a_shared_place_the_answer_can_be_shown_to_the_thread() -> None:
    assert "show" in names(shown(an_answer(), private=True))
    assert "show" not in names(shown(an_answer()))


def test_shown_to_a_thread_it_keeps_the_human_and_drops_what_is_the_askers_alone() -> None:
    answer = an_answer().model_copy(update={"redactions": sized(statements=1).redactions})
    message = shown(answer, shared_by="U0ASKER01")
    assert names(message) == {"human"}
    assert "<@U0ASKER01>" in json.dumps(message.blocks)


@pytest.mark.parametrize("outcome", [Outcome.NO_GUIDANCE, Outcome.TOO_VAGUE, Outcome.INDEX, Outcome.PAUSED])
def test_without_guidance_there_is_still_a_human_to_ask(outcome: Outcome) -> None:
    fields = {
        "outcome": outcome,
        "message": "What happened.",
        "statements": (),
        "citations": (),
        "notes": (),
        "to_settle": (),
    }
    message = shown(an_answer().model_copy(update=fields))
    assert message.blocks[0]["text"]["text"] == "What happened."
    assert "human" in names(message)
    assert "Who decides" in titles(message)


SIZES = list(itertools.product((1, 7, 40, 400), (1, 240, 600, 4000), (0, 2, 5, 8), (False, True)))


@pytest.mark.parametrize(("statements", "length", "asks", "emergency"), SIZES)
def test_an_answer_of_any_size_keeps_every_limit_and_every_button(
    statements: int, length: int, asks: int, emergency: bool
) -> None:
    answer = sized(statements=statements, length=length, asks=asks, contacts=asks, citations=5, emergency=emergency)
    always = {"human", "record", "helpful", "not_helpful"}
    short = shown(answer, private=True)
    assert limits.faults(short.blocks) == []
    assert always | {"show"} <= names(short)
    pages = whole(answer)
    assert [limits.faults(page.blocks) for page in pages] == [[]] * len(pages)
    assert always <= names(pages[-1])
    for block in SdkBlock.parse_all([*short.blocks]):
        block.to_dict()


@given(
    text=st.text(min_size=1, max_size=40).filter(lambda found: bool(found.strip())),
    length=st.integers(min_value=1, max_value=1500),
    citations=st.integers(min_value=1, max_value=30),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_breaks_a_limit(text: str, length: int, citations: int) -> None:
    answer = sized(statements=14, length=length, citations=citations, text=text, url=f"https://example.org/{'p' * 350}")
    for message in (shown(answer, private=True), *whole(answer)):
        assert limits.faults(message.blocks) == []
    assert all(0 < len(piece) <= limits.SECTION for piece in plain_answer(
        answer, vocabulary=load_vocabulary(), words=load_words()
    ))  # fmt: skip


def test_nothing_is_left_out_of_everything_found() -> None:
    answer = sized(statements=60, length=300)
    text = "".join(json.dumps(page.blocks) for page in whole(answer))
    assert text.count(json.dumps(answer.statements[0].text)[1:-1]) >= 60
    assert "more" in names(shown(answer))


def test_when_everything_is_shown_there_is_no_button_for_more() -> None:
    assert "more" not in names(shown(sized(statements=1)))


def test_text_of_documents_cannot_ping_link_or_leave_its_block() -> None:
    answer = sized(statements=14, length=200, text=NASTY, contacts=2)
    for message in (shown(answer), *whole(answer)):
        marked = [
            text
            for block in message.blocks
            for part in (block.get("text"), *block.get("elements", []))
            if isinstance(part, dict) and part.get("type") == "mrkdwn"
            for text in [part["text"]]
        ]
        assert marked
        for text in marked:
            assert not re.search(r"<(?!https://www\.example\.org/guidance/page\|)", text)
    assert all(part["verbatim"] for part in _mrkdwn(shown(answer).blocks))


def _mrkdwn(part: object) -> list[Block]:
    if isinstance(part, dict):
        own = [part] if part.get("type") == "mrkdwn" else []
        return own + [found for value in part.values() for found in _mrkdwn(value)]
    if isinstance(part, list | tuple):
        return [found for item in part for found in _mrkdwn(item)]
    return []


def test_plain_text_says_the_same_and_how_to_reach_a_human() -> None:
    text = "\n".join(plain_answer(an_answer(), vocabulary=load_vocabulary(), words=load_words()))
    assert "A police request is only a request" in text
    assert "send me the word: human" in text
    assert an_answer().id in text


def test_act_now_stands_alone() -> None:
    message = act_now_message(an_emergency().act_now, words=load_words())
    assert limits.faults(message.blocks) == []
    assert "Ring 999 now" in json.dumps(message.blocks)
