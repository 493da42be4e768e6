"""Training voucher: taught hours outside, at a college or in a bootcamp, at a declared price an hour."""

from coworksim.model.policies.kinds import Award, Terms, rounded


class TrainingVoucher(Award):
    """Buys ``hours`` a week for whoever has one, at ``hour_price``; a place is paid whether or not time is found."""

    kind = "training_voucher"
    meaning = "taught hours outside spaces (college, bootcamp)"
    place = 3
    needs = ("hours", "hour_price")
    may = ("curriculum",)

    def terms(self) -> Terms:
        """Return the hours, and what they cost a week."""
        hours = self.policy.hours
        return Terms(flat=rounded(hours * self.policy.hour_price), hours=hours)
