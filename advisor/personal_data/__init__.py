"""Personal data in a practitioner's question: found, and replaced by labels such as [NAME 1] and [NHS NUMBER]."""

from advisor.personal_data.redactor import Redacted, Redaction, Redactor

__all__ = ["Redacted", "Redaction", "Redactor"]
