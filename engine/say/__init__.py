"""Saying a decision: the same values as text, Markdown and JSON, in Indonesian and English."""
