"""What a change of a rule base does: what is written otherwise, which firms it concerns, which decisions it moves."""
