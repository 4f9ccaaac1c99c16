"""What practitioners type about people is taken out, and what they ask about it is left to read."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.personal_data import Redacted, Redaction, Redactor
from advisor.personal_data.identifiers import is_card_number, is_iban, is_nhs_number, is_upn
from evals.metrics.redaction import in_all, read_sentences, score_redaction

DEVELOPMENT = Path(__file__).parents[2] / "data" / "personal_data_development.jsonl"
REDACTOR = Redactor()
QUESTION = (
    "My client Sarah Jones, 15, has moved out of her mum's house and her nan has asked us where she is living now. The "
    "police rang on 07700 900123 and want her date of birth (3 March 2011). Jayden's school says it is allowed under "
    "the Care Act. Can I share this with them, or do I have to ask her first?"
)


def redacted(text: str) -> str:
    return REDACTOR.redact(text).text


def test_labels_stand_for_what_was_found_and_are_counted() -> None:
    question = "Sarah Jones (DOB 3/4/2011) is at 14 Acacia Avenue, LS6 2AB. Can I tell Mrs Jones?"
    assert REDACTOR.redact(question) == Redacted(
        text="[NAME 1] (DOB [DATE OF BIRTH]) is at [ADDRESS], [POSTCODE]. Can I tell Mrs [NAME 1]?",
        redactions=(
            Redaction(label="ADDRESS", count=1),
            Redaction(label="DATE OF BIRTH", count=1),
            Redaction(label="NAME", count=2),
            Redaction(label="POSTCODE", count=1),
        ),
    )


def test_a_question_without_personal_data_comes_back_as_it_was() -> None:
    question = "Can a housing officer tell the police about a tenant’s arrears?"
    assert REDACTOR.redact(question) == Redacted(text=question)


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("NHS number 943 476 5919 is hers", "NHS number [NHS NUMBER] is hers"),
        ("nhs no: 943 476 5910", "nhs no: [NHS NUMBER]"),
        ("it says 9434765919 on the band", "it says [NHS NUMBER] on the band"),
        ("NI number AB 12 34 56 C", "NI number [NATIONAL INSURANCE NUMBER]"),
        ("jg103759a was on the form", "[NATIONAL INSURANCE NUMBER] was on the form"),
        ("UPN H801200001001", "UPN [UPN]"),
        ("ring (0113) 496 0321", "ring [PHONE]"),
        ("text +44 (0)7700 900789", "text [PHONE]"),
        ("it is 0 7 7 0 0 9 0 0 1 2 3", "it is [PHONE]"),
        ("on 07700\u200b900\u200b123 now", "on [PHONE] now"),
        ("jo dot bloggs at gmail dot com", "[EMAIL]"),
        ("j.bloggs@example.co.uk wrote", "[EMAIL] wrote"),
        ("they are in sw1a 1aa", "they are in [POSTCODE]"),
        ("pay into 204415 55779911 please", "pay into [BANK ACCOUNT] please"),
        ("the car was DIG 4417", "the car was [VEHICLE REGISTRATION]"),
        ("BIG 2024 plans for us", "BIG 2024 plans for us"),
        ("she is at 12 Ffordd Las, Rhyl", "she is at [ADDRESS], Rhyl"),
        ("at Bryn Glas, Heol y Felin", "at [ADDRESS]"),
        ("Cardiff, Maes y Coed Primary", "Cardiff, Maes y Coed Primary"),
        ("Flat 2b, 9 High St was raided", "[ADDRESS] was raided"),
        ("the house at 22 Mill Lane", "the house at [ADDRESS]"),
        ("born 3rd of March 2011", "born [DATE OF BIRTH]"),
        ("a van, ab12cde, waits", "a van, [VEHICLE REGISTRATION], waits"),
        ("car BAZ 4521", "car [VEHICLE REGISTRATION]"),
        ("sort code 12-34-56 account 12345678", "sort code [BANK ACCOUNT] account [BANK ACCOUNT]"),
        ("IBAN GB82 WEST 1234 5698 7654 32", "IBAN [BANK ACCOUNT]"),
        ("card 4111 1111 1111 1111", "card [CARD NUMBER]"),
    ],
)
def test_numbers_and_addresses_are_found_however_they_are_typed(question: str, kept: str) -> None:
    assert redacted(question) == kept


@pytest.mark.parametrize(
    "question",
    [
        "In force 5 February 2026, and the hearing is on 12 May",
        "Schedule 2 paragraph 5 and section 115, s47 and S117 MHA, page 14",
        "14 children aged 3 to 17, £1,250 arrears, 12 weeks in a row",
        "Invoice 4111 1111 1111 1112 and case number 2345678901",
        "Ring 999, 101, 116 123 or 0800 1111",
        "Look at bbc.co.uk or meet me at school at 10.30",
        "Most cases are in SW19 and E17",
        "We asked for her DOB and met on her birthday",
    ],
)
def test_other_numbers_stay(question: str) -> None:
    assert redacted(question) == question


@pytest.mark.parametrize(
    "question",
    [
        "Does Clare's Law or Sarah's Law apply, and what of Gillick and Fraser guidelines?",
        "What did Lord Laming say about Victoria Climbié, and Bichard about Soham?",
        "Can Prevent, Channel, MARAC, Ofsted and the Caldicott Guardian see it?",
        "The Designated Safeguarding Lead and a Social Worker from Leeds rang on Tuesday",
        "Barnardo's, Women's Aid, Citizens Advice and the Samaritans use WhatsApp and Teams",
        "Working Together, the Care Act and the Data Protection Act 2018",
        "A Polish Muslim from Croydon speaks Urdu; she has Parkinson's and Ramadan begins in March",
        "PLEASE HELP. CAN WE SHARE A MEDICAL REPORT WITH THE COUNCIL?",
        "Will the police tell us? May we share it? Mark it as restricted. Hope this helps",
        "St Mary's Primary School, Hope House, Victoria Park and Great Ormond Street",
        "a boy called the police, a service called Turning Point, my client called yesterday",
        "W v Egdell and Montgomery v Lanarkshire",
    ],
)
def test_public_names_and_ordinary_words_stay(question: str) -> None:
    assert redacted(question) == question


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Jayden's nan rang", "[NAME 1]'s nan rang"),
        ("a girl called chloe smith came in", "a girl called [NAME 1] came in"),
        ("Will has told me", "[NAME 1] has told me"),
        ("Will Siobhan be told?", "Will [NAME 1] be told?"),
        ("tell Seán O’Brien and María José de Souza", "tell [NAME 1] and [NAME 2]"),
        ("J. Smith and A.K. left", "[NAME 1] and [NAME 2] left"),
        ("PC Brown and Mrs Wood", "PC [NAME 1] and Mrs [NAME 2]"),
        ("her son Kwabena has", "her son [NAME 1] has"),
        ("Hope (15) lives with Grace Okafor", "[NAME 1] (15) lives with [NAME 2]"),
        ("he moved to Chelsea but Chelsea's mum did not", "he moved to Chelsea but [NAME 1]'s mum did not"),
        ("CAN I TELL JAYDEN'S MUM ABOUT THE CANNABIS", "CAN I TELL [NAME 1]'S MUM ABOUT THE CANNABIS"),
        ("my client osagie has moved", "my client [NAME 1] has moved"),
    ],
)
def test_names_are_found_by_their_look_and_by_the_words_around_them(question: str, kept: str) -> None:
    assert redacted(question) == kept


def test_a_person_keeps_one_number_and_two_people_never_share_one() -> None:
    assert redacted("Sarah Jones rang. Sarah fears Mr Jones; Mrs Jones is well") == (
        "[NAME 1] rang. [NAME 1] fears Mr [NAME 2]; Mrs [NAME 1] is well"
    )


def test_numbers_go_on_from_labels_that_are_there_already() -> None:
    assert redacted("[NAME 3] told Kelly") == "[NAME 3] told [NAME 4]"


def test_a_known_word_is_no_name_and_a_name_is_one_all_the_same() -> None:
    redactor = Redactor(known_words={"zorbax", "kelly"})
    assert redactor.redact("Ask Zorbax about Kelly").text == "Ask Zorbax about [NAME 1]"


@pytest.mark.parametrize(
    ("right", "wrong", "check"),
    [
        ("9434765919", "9434765918", is_nhs_number),
        ("H801200001001", "A801200001001", is_upn),
        ("4111111111111111", "4111111111111112", is_card_number),
        ("DE89370400440532013000", "DE89370400440532013001", is_iban),
    ],
)
def test_check_digits_tell_a_number_from_any_row_of_digits(right: str, wrong: str, check: object) -> None:
    assert callable(check)
    assert check(right)
    assert not check(wrong)


_WORDS = sorted({word for sentence in read_sentences(DEVELOPMENT) for word in sentence.text.split()})


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=14).map(" ".join))
def test_to_redact_again_changes_nothing(text: str) -> None:
    once = redacted(text)
    assert REDACTOR.redact(once) == Redacted(text=once)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_can_be_redacted(text: str) -> None:
    once = redacted(text)
    assert redacted(once) == once


def test_the_development_sentences_score_above_the_targets() -> None:
    scores = score_redaction(REDACTOR, read_sentences(DEVELOPMENT))
    names, numbered = scores[0], in_all(scores[1:], label="all but names")
    assert numbered.recall >= 0.98
    assert names.recall >= 0.95
    assert names.precision >= 0.98
    assert in_all(scores, label="all").precision >= 0.98


def _seconds(text: str) -> float:
    """The best of three: another process on the machine can only add to it."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        REDACTOR.redact(text)
        taken.append(time.perf_counter() - start)
    return min(taken)


HOSTILE = [
    "1", "1 ", "12-34-56 ", "a@", "a at a dot ", "Jayden's mum ", "AAAA ", "O'", "((", "[NAME ", "Zqxu ", "zqxuwy's ",
    "born on the ", "14 Acacia of ", "flat 2b, ", "phone number is ", "Mr ", "a girl called ", "A v B ", "Trust ",
    "Grace, ", "oh seven ", "GB29 ", "un" * 10 + " ", "Zq" * 20 + " ", "\u200b1", " ", "\n",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_time_in_proportion_to_its_length(unit: str) -> None:
    short, long = unit * (25_000 // len(unit)), unit * (100_000 // len(unit))
    taken = _seconds(long)
    assert taken < 5
    assert taken < 0.05 or taken / _seconds(short) < 10


def test_a_question_takes_about_a_millisecond() -> None:
    assert 280 < len(QUESTION) < 320
    start = time.perf_counter()
    for _ in range(100):
        REDACTOR.redact(QUESTION)
    mean = (time.perf_counter() - start) / 100
    assert mean < 0.005, "five times what it takes on a quiet machine"


def test_the_import_reads_no_file_and_loads_nothing_heavy() -> None:
    watch = "sys.addaudithook(lambda event, of: event == 'open' and 'personal_data/data' in str(of[0]) and sys.exit(2))"
    load = "import advisor.personal_data; sys.exit(any(m in sys.modules for m in ('torch', 'chromadb', 'numpy')))"
    subprocess.run([sys.executable, "-c", f"import sys; {watch}; {load}"], check=True)  # noqa: S603
