"""A run set against the published figures that it should come near to."""

from coworksim.evidence.calibration.fit import EARLIER, Calibration, Row, calibrate

__all__ = ["EARLIER", "Calibration", "Row", "calibrate"]
