"""Explanations as values: which facts make a conclusion, which tests read them, what is still missing."""
