"""Charts and summaries of results, for people who have never seen the model."""
