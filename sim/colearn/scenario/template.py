"""The text of a new scenario file: it loads as it stands, and names everything that may be changed."""

from __future__ import annotations

from typing import Final

from colearn.quantities import MECHANISMS, QUANTITIES
from colearn.quantities.quantity import Quantity
from colearn.scenario.regions import GROUPS, real_regions

__all__ = ["new_template"]

_HEAD: Final = """\
# Which question does this scenario answer? Write it here, in the first line.
title: A new scenario

# Entries that this file leaves out come from the scenario that it extends: a built-in one, or a file in this folder.
# extends: uk-left-behind

# The day on which the spaces open; before it come the weeks of burn-in, in which people find their ways.
starts: 2022-11-07
burn_in_weeks: 260 weeks
weeks: 156 weeks
seed: 1

# Regions, each like a group of real ITL-3 regions (its medians: {groups}) or like one of them, by its code.
# Indicators replace single figures of those; environment sets a field outright, whatever the indicators say.
regions:
  - name: somewhere
    like: left-behind
    spaces: 1
#   people: 500
#   flag: other
#   indicators:
#     gdp_per_head: 80
#   environment:
#     outside_access: 0.55
# - like: {code}                      # {name}
"""


def new_template() -> str:
    """Return a commented scenario file that loads as it stands.

    >>> print(new_template().splitlines()[0])
    # Which question does this scenario answer? Write it here, in the first line.
    """
    code = next(code for code, region in real_regions().items() if region.left_behind())
    head = _HEAD.format(groups=" or ".join(GROUPS), code=code, name=real_regions()[code].name)
    mechanisms = [f"{f'#   {name}: off':<30}  # {meaning}" for name, meaning in MECHANISMS.items()]
    lines = ["", "# Mechanisms that are switched off.", "# mechanisms:", *mechanisms]
    lines += ["", "# Values other than the default; those shown are the defaults.", "# quantities:"]
    lines += [_line(quantity) for quantity in QUANTITIES.values()]
    return head + "\n".join(lines) + "\n"


def _line(quantity: Quantity) -> str:
    default = quantity.default if isinstance(quantity.default, str) else f"{quantity.default:g}"
    unit = f" {quantity.unit}" if not quantity.choices else ""
    allowed = f"{' or '.join(quantity.choices)}: " if quantity.choices else ""
    return f"{f'#   {quantity.name}: {default}{unit}':<58}  # {allowed}{quantity.meaning}"
