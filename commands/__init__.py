"""Floor 4: the commands behind `cli.py`. Only here and there is anything printed, written or ended."""
