"""What a case expects, as JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.say.json import exact_number


def plain_expectation(value: Any) -> Any:
    """An expectation as JSON: margins are exact numbers."""
    if isinstance(value, Fraction):
        return exact_number(value)
    if isinstance(value, dict):
        return {key: plain_expectation(inner) for key, inner in value.items()}
    return value
