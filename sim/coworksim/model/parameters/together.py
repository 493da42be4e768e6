"""Parameters of what people do together: teams and groups."""

from typing import NamedTuple

from coworksim.model.parameters.parameter import group, real


# A declaration is read as the row of a table.
# fmt: off
@group("teams", 6)
class TeamsParameters(NamedTuple):
    """Who comes with whom."""

    size: float = real("people", 3.0, (1, 50), (1.0, 5.0),
        "mean size of a team of owners with staff, and of employees whose employer pays; 1: nobody is in one",
        "guess: from the share of members in teams", "D")
    table: float = real("share", 0.8, (0, 1), None, "days on which a member sits with his or her team")


@group("groups", 7)
class GroupsParameters(NamedTuple):
    """How circles of members come about; what the rest of them is follows."""

    founding: float = real("gatherings/month", 0.1, (0, 10), (0.02, 0.3),
        "gatherings to found a group that a space holds by itself; 0: no groups but by public money")
