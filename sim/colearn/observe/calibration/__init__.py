"""A run set against the published figures that it should come near to."""

from colearn.observe.calibration.comparison import Calibration, Row, calibrate

__all__ = ["Calibration", "Row", "calibrate"]
