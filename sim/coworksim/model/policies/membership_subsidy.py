"""Membership subsidy: a share of the fee of a space, up to an amount a month where one is set."""

from coworksim.model.policies.kinds import Award, Terms, weekly


class MembershipSubsidy(Award):
    """Pays ``share`` of the fee, at most ``amount`` a month."""

    kind = "membership_subsidy"
    meaning = "a share of the fee of a space, up to an amount if one is set"
    place = 2
    needs = ("share",)
    may = ("amount", "redeem")

    def terms(self) -> Terms:
        """Return the share, and the amount if there is one."""
        most = self.policy.amount
        return Terms(share=self.policy.share or 0.0, amount=None if most is None else weekly(most))
