"""What is seen of a run: weekly series, final tables, digests."""
