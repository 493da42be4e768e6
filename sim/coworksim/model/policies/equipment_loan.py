"""Equipment loan: a machine at home, which gives outside access of at least a declared share while it lasts."""

from __future__ import annotations

from coworksim.model.policies.base import Award, Terms, weekly

__all__ = ["EquipmentLoan"]


class EquipmentLoan(Award):
    """Gives ``access`` at ``loan_price`` a month; equipment that gives none is not lent."""

    kind = "equipment_loan"

    def terms(self) -> Terms:
        """Return the access, and what it costs a week."""
        access = self.policy.access
        return Terms(flat=weekly(self.policy.loan_price) if access > 0.0 else 0, access=access)
