"""Awareness campaign: word of spaces and of what one can apply for, and help with applying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coworksim.model.policies.kinds import Lever, RegionalProgramme, Target

if TYPE_CHECKING:
    from coworksim.model.state.world import World


class AwarenessCampaign(RegionalProgramme):
    """Adds to the chance to hear, and divides the hassle of applying, for ``region_cost`` a week.

    It counts for those who live in the region, for all spaces and for all policies that people apply for. The
    assistance of several campaigns multiplies.
    """

    kind = "awareness_campaign"
    meaning = "word of spaces and policies, and help with applying"
    place = 8
    one_of = ("hear_spaces", "hear_schemes", "assistance")
    scales = ("budget", "region_cost", *one_of)
    hear_spaces = Lever("real", "1/week", (0, 1), 0.02, "added chance to hear of a space")
    hear_schemes = Lever("real", "1/week", (0, 1), 0.02, "added chance to hear of a policy one can apply for")
    assistance = Lever("real", "ratio", (1, 100), 2, "by what the hassle of applying is divided")

    def idle(self) -> bool:
        """Return whether nothing is added, and nobody assisted."""
        p = self.policy
        return bool(p.hear_spaces == p.hear_schemes == 0.0 and p.assistance == 1.0)

    def act(self, world: World, target: Target) -> None:
        """Add, and assist."""
        levers, r = world.levers, target.region
        levers.hear_spaces[r] += self.policy.hear_spaces
        levers.hear_schemes[r] += self.policy.hear_schemes
        levers.assistance[r] *= self.policy.assistance
