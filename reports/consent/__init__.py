"""Consent of owners: votes by building, housing estate and grid against a rule, and how many more it takes."""

from reports.consent.judging import REASON_WORDS, REASONS, STATE_WORDS, STATES
from reports.consent.rules import ConsentRule, consent_rule, consent_rules
from reports.consent.standing import Consent, consent, consented

__all__ = [
    "REASONS",
    "REASON_WORDS",
    "STATES",
    "STATE_WORDS",
    "Consent",
    "ConsentRule",
    "consent",
    "consent_rule",
    "consent_rules",
    "consented",
]
