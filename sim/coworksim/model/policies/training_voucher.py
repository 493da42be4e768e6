"""Training voucher: taught hours outside, at a college or in a bootcamp, at a declared price an hour."""

from __future__ import annotations

import math

from coworksim.model.policies.base import Award, Terms

__all__ = ["TrainingVoucher"]


class TrainingVoucher(Award):
    """Buys ``hours`` a week for whoever has one, at ``hour_price``; a place is paid whether or not time is found."""

    kind = "training_voucher"

    def terms(self) -> Terms:
        """Return the hours, and what they cost a week."""
        hours = self.policy.hours
        return Terms(flat=int(math.floor(hours * self.policy.hour_price + 0.5)), hours=hours)
