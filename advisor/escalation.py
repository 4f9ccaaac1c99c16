"""Names the human who decides, why, how urgently, how to reach them and what to bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from advisor.evidence import Evidence
from advisor.models import Contact, Escalation, Situation, Urgency
from advisor.wording import EscalationWords
from knowledge.vocabulary import Vocabulary


def escalate(
    situation: Situation,
    evidence: Evidence,
    *,
    urgency: Urgency,
    words: EscalationWords,
    contacts: Iterable[Contact] = (),
    vocabulary: Vocabulary,
) -> Escalation:
    """The escalation for a situation; there is always at least one role."""
    facts = {**situation.known(), "urgency": (urgency.value,)}
    roles = dict.fromkeys(role for rule in words.rules if _holds(rule.when, facts) for role in rule.roles)
    if len(roles) < 2:
        named = (role for source in evidence.sources[:3] for role in source.document.decides)
        roles |= dict.fromkeys(named)
    roles |= dict.fromkeys(words.always)
    chosen = [role for role in roles if role in vocabulary.roles][: words.most]
    return Escalation(
        roles=tuple(chosen),
        reason=words.reason[urgency.value],
        urgency=urgency,
        contacts=tuple(contact for role in (*chosen, "out_of_hours") for contact in contacts if contact.role == role),
        bring=words.bring,
    )


def _holds(when: Mapping[str, tuple[str, ...]], facts: Mapping[str, tuple[str, ...]]) -> bool:
    return all(set(facts.get(facet, ())) & set(values) for facet, values in when.items())
