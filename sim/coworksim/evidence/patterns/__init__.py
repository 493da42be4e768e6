"""The patterns that a survey reported, as named checks: whether the model shows them, and what each hinges on."""
