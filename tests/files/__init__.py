"""Tests of scenarios: what is refused and where, what is loaded, and that it stays as it is."""
