"""Each policy beside the same simulation without it: effects, money, ranking."""
