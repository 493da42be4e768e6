"""Faults above the model, by rule: every sign, limit, threshold, quantile, number format and swapped pair.

``rules.py`` walks the syntax trees, ``sample.py`` draws a seeded sample, ``reach.py`` notes which tests execute which
line, ``trial.py`` plants a fault in a copy of the tree and runs the tests that reach it. ``python -m
tests.faults.above`` writes ``results/mutants-above.md``.
"""
