"""Floor 2: derives conclusions about a firm and explains them."""
