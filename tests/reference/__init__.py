"""The plain twin: the week once more, as an ordinary Mesa model of plain Python objects.

It is written from the rules, not from the kernels, and shares with the product only the scenario, the
declared quantities, the people of week 0 and the definition of the random numbers. It serves twice: as a second
witness of every rule (with :class:`~tests.reference.plain_draws.KeyedSource`), and as the peer that speed is
measured against (with :class:`~tests.reference.plain_draws.MesaSource`).
"""
