"""Hypothesis settings: the same examples on every run, so that a failure is a failure for everybody."""

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, print_blob=False)
settings.load_profile("fixed")
