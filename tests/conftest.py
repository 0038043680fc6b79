"""Hypothesis settings: the same examples on every run, so that a failure is a failure for everybody."""

import pytest
from hypothesis import settings

settings.register_profile("fixed", derandomize=True, print_blob=False)
settings.load_profile("fixed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write the golden answers anew instead of comparing")
