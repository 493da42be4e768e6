"""The state of a simulated world, and nothing else: people, spaces, regions, ties, money and chance."""
