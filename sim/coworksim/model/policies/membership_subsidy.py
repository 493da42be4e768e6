"""Membership subsidy: a share of the fee of a space, up to an amount a month where one is set."""

from __future__ import annotations

from coworksim.model.policies.base import Award, Terms, weekly
from coworksim.model.state.policy_state import NO_LIMIT

__all__ = ["MembershipSubsidy"]


class MembershipSubsidy(Award):
    """Pays ``share`` of the fee, at most ``amount`` a month."""

    kind = "membership_subsidy"

    def terms(self) -> Terms:
        """Return the share, and the amount if there is one."""
        most = self.policy.amount
        return Terms(share=self.policy.share or 0.0, amount=NO_LIMIT if most is None else weekly(most))
