"""The text of a new scenario file: it loads as it stands, and names everything that may be changed."""

from __future__ import annotations

from typing import Final

from coworksim.files.uk_regions import real_regions
from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS
from coworksim.model.parameters.parameter import Parameter
from coworksim.model.parameters.skills import OCCUPATIONS, STATUSES
from coworksim.model.scenario import GROUPS

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
#   spaces:                           # how many, or what is known of each
#     - name: The old mill
#       desks: 40 desks
#       price: 120 GBP/month
# Or tables of your own in this folder, one row a region and one row a space (columns: scenarios/regions/README.md):
# regions: {{table: regions.csv, spaces: spaces.csv}}

# Policies: what people apply for (the first four), and what spaces and regions get; each leaves out what it likes.
# policies:
#   - name: Vouchers for early careers
#     kind: voucher
#     amount: 60 GBP/month
#     months: 12
#     start: 0 weeks                  # after the opening
#     end: 104 weeks
#     budget: 30000 GBP
#     number: 40 people
#     award: lottery                  # or means (least income first), or first-come, without a window
#     window: 8 weeks
#     lag: 4 weeks                    # from award to first payment
#     redeem: 13 weeks                # in which it must be used for the first time
#     eligible:                       # leave out what does not matter
#       career_below: 5 years
#       income_below: 400 GBP/week
#       occupations: [{occupations}]
#       statuses: [{statuses}]
#       regions: [left-behind]
#       non_members: true
#   - name: Half the fee
#     kind: membership_subsidy
#     share: 0.5
#     amount: 90 GBP/month            # at most
#     months: 6
#     budget: 10000 GBP
#   - name: Places at a college
#     kind: training_voucher
#     hours: 3 h/week
#     hour_price: 12 GBP/h
#     curriculum: [generative_ai]     # by default all technical-digital skills, as the occupation weighs them
#     months: 3
#     budget: 10000 GBP
#   - name: Laptops on loan
#     kind: equipment_loan
#     access: 0.9
#     loan_price: 70 GBP/month
#     months: 12
#     budget: 10000 GBP
#   - name: Machines for spaces
#     kind: resource_grant
#     equipment: 20 h/week
#     desks: 4 desks
#     match: 0.5                      # share that the space pays
#     budget: 20000 GBP
#     eligible:
#       regions: [left-behind]
#   - name: A community manager
#     kind: community_grant
#     hours: 12 h/week
#     hour_price: 20 GBP/h
#     budget: 25000 GBP
#   - name: A creative cluster
#     kind: cluster_programme
#     region_cost: 1000 GBP/week
#     density: 1.5
#     visitors: 1.5
#     demand: 1.1
#     budget: 100000 GBP
#   - name: Word of mouth
#     kind: awareness_campaign
#     region_cost: 300 GBP/week
#     hear_spaces: 0.02
#     hear_schemes: 0.02
#     assistance: 2                   # the hassle of applying is divided by it
#     budget: 8000 GBP
#   - name: Training in spaces
#     kind: skills_programme
#     places: 4 places/week
#     place_price: 40 GBP/place
#     where: inside                   # or outside, without days
#     days: 2 days                    # in the space this week
#     budget: 50000 GBP
"""


def new_template() -> str:
    """Return a commented scenario file that loads as it stands.

    >>> print(new_template().splitlines()[0])
    # Which question does this scenario answer? Write it here, in the first line.
    """
    code = next(code for code, region in real_regions().items() if region.left_behind())
    head = _HEAD.format(
        groups=" or ".join(GROUPS),
        code=code,
        name=real_regions()[code].name,
        occupations=", ".join(OCCUPATIONS),
        statuses=", ".join(STATUSES),
    )
    mechanisms = [
        f"{f'#   {name}: {"on" if name in OFF else "off"}':<30}  # {meaning}" for name, meaning in MECHANISMS.items()
    ]
    lines = ["", "# Mechanisms that are switched off.", "# mechanisms:", *mechanisms]
    lines += ["", "# Values other than the default; those shown are the defaults.", "# parameters:"]
    lines += [_line(parameter) for parameter in PARAMETERS.values()]
    return head + "\n".join(lines) + "\n"


def _line(parameter: Parameter) -> str:
    default = parameter.default if isinstance(parameter.default, str) else f"{parameter.default:g}"
    unit = f" {parameter.unit}" if not parameter.choices else ""
    allowed = f"{' or '.join(parameter.choices)}: " if parameter.choices else ""
    return f"{f'#   {parameter.name}: {default}{unit}':<58}  # {allowed}{parameter.meaning}"
