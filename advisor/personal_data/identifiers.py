"""Numbers that name a person: how they are written, and the sums that show one is real."""

from __future__ import annotations

import re
from collections.abc import Callable

from advisor.personal_data.spans import (
    BANK_ACCOUNT,
    CARD_NUMBER,
    NATIONAL_INSURANCE_NUMBER,
    NHS_NUMBER,
    UPN,
    Pattern,
    digits,
)

_IBAN_LENGTHS = {
    "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LT": 20, "LV": 21, "MT": 31,
    "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "TR": 26, "UA": 29,
}  # fmt: skip
"""Country to the length of its account numbers (ISO 13616)."""
_UPN_CHECK = "ABCDEFGHJKLMNPQRTUVWXYZ"
_BAD_PREFIXES = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
"""Never given out, says HMRC's National Insurance manual (NIM39110)."""
_IS = (
    r"(?:\W{0,3}\b(?:numbers?|no|num|ref|id|is|was|of|as|for|her|his|their|the|it|its|it's|it is|listed|recorded)\b\.?)"
    r"{0,5}\W{0,4}"
)
"""What stands between the word for a number and the number."""


def is_nhs_number(number: str) -> bool:
    """Ten digits whose last is right: modulus 11, weights 10 to 2 (NHS Data Dictionary)."""
    if len(number) != 10 or len(set(number)) == 1:
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)) % 11
    return check % 11 == int(number[9])


def is_card_number(number: str) -> bool:
    """The Luhn sum; a row of one digit is none."""
    if not 13 <= len(number) <= 19 or len(set(number)) == 1:
        return False
    doubled = [int(d) * (1 + at % 2) for at, d in enumerate(reversed(number))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def is_iban(written: str) -> bool:
    """Right length for its country, and modulus 97 is 1 (ISO 13616); a British one counts with a slip in it too."""
    compact = written.replace(" ", "").upper()
    if _IBAN_LENGTHS.get(compact[:2]) != len(compact):
        return False
    turned = compact[4:] + compact[:4]
    return compact.startswith("GB") or int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def is_upn(written: str) -> bool:
    """A letter and twelve digits: weights 2 to 13, modulus 23, gives the letter (DfE, UPN guide)."""
    number = digits(written)
    total = sum(int(digit) * weight for weight, digit in enumerate(number, start=2))
    return len(number) == 12 and _UPN_CHECK[total % 23] == written[0].upper()


def is_national_insurance_number(written: str) -> bool:
    """Two letters that HMRC gives out."""
    letters = "".join(c for c in written.upper() if c.isalpha())
    return letters[:2] not in _BAD_PREFIXES


def is_bank_number(cue: str, number: str) -> bool:
    """Six digits after "sort code", eight after "account", six to ten after "bank account"."""
    if cue.lower().startswith("s"):
        return len(number) == 6
    return len(number) == 8 or cue.lower().startswith("bank")


_IBANS = "|".join(rf"{country}\d\d(?: ?[A-Z0-9]){{{size - 4}}}" for country, size in _IBAN_LENGTHS.items())
_CARD = r"(?:\d{4}[ -]{0,2}){3}\d{4}|\d{4}[ -]?\d{6}[ -]?\d{5}|\d{13,19}|\d(?:[ .-]?\d){15}"
_INSURANCE_CUE = r"\b(?:national insurance|nat ?ins|n\.?i\.?|nino)"
_BANK_CUE = r"\b(?P<cue>sort[ -]?codes?|s/c|(?:bank )?(?:accounts?|acct?|acc|a/c)|bank details)"
_SORT_CODE_AND_ACCOUNT = (
    r"\d{6}[ ,;/]{1,3}\d{8}(?![\d-])|"
    r"\d\d[ -]\d\d[ -]\d\d(?:[ ,;/]{1,3}\d{4} ?\d{4}(?![\d-])|"
    r"(?=[ ,;]{1,3}(?:and |& )?(?:a/?c|acct?|account)\b[a-z .:]{1,16}\d{4} ?\d{4}(?!\d)))"
)


def _numbers(
    label: str,
    regex: str,
    *,
    needs: int,
    accepts: Callable[[re.Match[str]], bool] = bool,
    hints: tuple[str, ...] = (),
) -> Pattern:
    return Pattern(label, re.compile(regex, re.IGNORECASE), accepts, needs, hints)


PATTERNS = (
    _numbers(
        BANK_ACCOUNT,
        rf"(?<!\w)(?=[A-Z]{{2}}\d\d)(?P<it>{_IBANS})(?!\w)",
        needs=12,
        accepts=lambda match: is_iban(match["it"]),
    ),
    _numbers(
        CARD_NUMBER,
        rf"(?<![\w+])(?P<it>{_CARD})(?!\w)",
        needs=13,
        accepts=lambda match: is_card_number(digits(match["it"])),
    ),
    _numbers(
        UPN,
        rf"\b(?:UPN|unique pupil){_IS}(?P<it>[A-Z](?:[ -]?\d){{11}}[ -]?[A-Z\d])(?!\w)",
        needs=11,
        hints=("upn", "unique pupil"),
    ),
    _numbers(
        UPN,
        r"(?<!\w)(?P<it>[A-HJ-NP-RT-Z](?:[ -]?\d){12})(?!\w)",
        needs=12,
        accepts=lambda match: is_upn(match["it"]),
    ),
    _numbers(
        NHS_NUMBER,
        rf"\b(?:NHS|CHI|H ?& ?C|HSC){_IS}(?P<it>\d(?:[ ./-]{{0,3}}\d){{9}})(?!\d)",
        needs=10,
        hints=("nhs", "chi", "&", "hsc"),
    ),
    _numbers(
        NHS_NUMBER,
        r"(?<![\w.+£/-])(?P<it>\d(?:[ .-]{0,3}\d){9})(?!\d)(?!-\d)",
        needs=10,
        accepts=lambda match: is_nhs_number(digits(match["it"])),
    ),
    _numbers(
        NATIONAL_INSURANCE_NUMBER,
        rf"{_INSURANCE_CUE}{_IS}(?P<it>[A-Z] ?[A-Z](?:[ -]{{0,2}}\d){{6}}(?:[ -]{{0,2}}[A-Z])?)(?!\w)",
        needs=6,
        hints=("national ins", "nat ins", "natins", "ni", "n.i"),
    ),
    _numbers(
        NATIONAL_INSURANCE_NUMBER,
        r"(?<!\w)(?P<it>[A-CEGHJ-PR-TW-Z] ?[A-CEGHJ-NPR-TW-Z](?:[ ./-]{0,2}\d){6}[ ./-]{0,2}[A-D])(?!\w)",
        needs=6,
        accepts=lambda match: is_national_insurance_number(match["it"]),
    ),
    _numbers(BANK_ACCOUNT, rf"(?<![\w/-])(?P<it>{_SORT_CODE_AND_ACCOUNT})", needs=14),
    _numbers(
        BANK_ACCOUNT,
        rf"{_BANK_CUE}{_IS}(?P<it>\d(?:[ -]?\d){{5,9}})(?![\d-])",
        needs=6,
        accepts=lambda match: is_bank_number(match["cue"], digits(match["it"])),
        hints=("sort", "s/c", "acc", "a/c", "bank"),
    ),
)
"""In the order in which they may claim a row of digits."""
