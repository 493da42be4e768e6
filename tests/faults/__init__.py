"""Planted faults: does the suite notice when a rule is wrong?

``catalogue/`` holds the faults as data, a file per phase. ``python -m tests.faults`` plants each in a copy of the
package, runs the tests that are nearest to it, and writes ``results/mutants.md``.
"""
