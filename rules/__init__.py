"""The shipped rule base: YAML and Markdown read by kb; no code."""
