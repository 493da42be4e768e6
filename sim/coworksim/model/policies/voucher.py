"""Voucher: a fixed amount a month towards the fee of a space, whatever the fee, but no more than it."""

from coworksim.model.policies.kinds import Award, Terms, weekly


class Voucher(Award):
    """Pays ``amount`` a month, at most the fee."""

    kind = "voucher"
    meaning = "a fixed amount a month towards the fee of a space"
    place = 1
    needs = ("amount",)
    may = ("redeem",)

    def terms(self) -> Terms:
        """Return all of the fee, up to the amount."""
        return Terms(share=1.0, amount=weekly(self.policy.amount or 0))
