"""Equipment loan: a machine at home, which gives outside access of at least a declared share while it lasts."""

from coworksim.model.policies.kinds import Award, Lever, Terms, weekly


class EquipmentLoan(Award):
    """Gives ``access`` at ``loan_price`` a month; equipment that gives none is not lent."""

    kind = "equipment_loan"
    meaning = "a machine at home, for a time"
    place = 4
    needs = ("access", "loan_price")
    access = Lever("real", "share", (0, 1), 0.9, "outside access that equipment on loan gives at least")
    loan_price = Lever("money", "GBP/month", (0, 10**6), 70, "what a loan of equipment costs")

    def terms(self) -> Terms:
        """Return the access, and what it costs a week."""
        access = self.policy.access
        return Terms(flat=weekly(self.policy.loan_price) if access > 0.0 else 0, access=access)
