"""What is said of results, each sentence once, for terminal, page and report."""
