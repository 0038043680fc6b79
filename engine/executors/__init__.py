"""Executors: ways to find which rules of a stage hold. The reference defines the meaning."""
