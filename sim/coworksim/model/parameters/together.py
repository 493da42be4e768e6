"""Parameters of what people do together: teams, groups and microclusters."""

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


@group("clusters", 8)
class ClustersParameters(NamedTuple):
    """Microclusters of a region: where some of its creative milieu, and some of its spaces, lie close together."""

    firms: float = real("share", 0.4, (0, 1), (0.18, 0.7), "people of a region who work in a microcluster (F)",
        "Siepel et al. 2020: 709 of 50 firms or more, of 200,000 firms, so .18 or more; how many more is a guess", "D")
    spaces: float = real("share", 0.5, (0, 1), None,
        "spaces of a region that lie in a microcluster, unless a list says which do (S)", "guess")
    pull: float = real("ratio", 3.0, (1, 100), (1.0, 6.0),
        "how many times as often somebody of a microcluster comes to an event there as to one elsewhere (q)",
        "guess; 1: where a space lies makes no difference")
