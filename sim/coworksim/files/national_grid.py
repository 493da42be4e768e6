"""From longitude and latitude (WGS84) to the British National Grid.

The datum is changed by a Helmert transformation of seven parameters and the ellipsoid projected by a transverse
Mercator series, both as in Ordnance Survey, A guide to coordinate systems in Great Britain (sections 6.6, B and C).
The transformation is right to 3.5 m (95 %) in Great Britain, and to some metres more in Northern Ireland; boundaries
here are simplified to 2.5 km.
"""

import math
from typing import Final, NamedTuple


class _Ellipsoid(NamedTuple):
    """Semi-axes in metres."""

    a: float
    b: float

    @property
    def e2(self) -> float:
        """Eccentricity squared."""
        return 1.0 - (self.b / self.a) ** 2


_WGS84: Final = _Ellipsoid(6378137.0, 6356752.314245)
_AIRY: Final = _Ellipsoid(6377563.396, 6356256.909)
#: From WGS84 to OSGB36: metres, parts per million, seconds of arc.
_SHIFT: Final = (-446.448, 125.157, -542.060)
_SCALE: Final = 20.4894
_TURN: Final = (-0.1502, -0.2470, -0.8421)
#: The grid: scale on the central meridian, true origin, and its easting and northing.
_F0: Final = 0.9996012717
_ORIGIN: Final = (math.radians(49.0), math.radians(-2.0))
_E0, _N0 = 400_000.0, -100_000.0
#: Changes of latitude below this are none: radians, a tenth of a millimetre.
_SMALL: Final = 1e-11


def to_grid(longitude: float, latitude: float) -> tuple[float, float]:
    """Return easting and northing in metres of a place in degrees.

    >>> tuple(round(metres) for metres in to_grid(-1.4701, 53.3811))  # Sheffield, town hall
    (435346, 387270)
    """
    return project(*_to_airy(math.radians(longitude), math.radians(latitude)))


def _to_airy(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a place at sea level under the old datum, in radians."""
    nu = _WGS84.a / math.sqrt(1.0 - _WGS84.e2 * math.sin(latitude) ** 2)
    at = (
        nu * math.cos(latitude) * math.cos(longitude),
        nu * math.cos(latitude) * math.sin(longitude),
        nu * (1.0 - _WGS84.e2) * math.sin(latitude),
    )
    x, y, z = helmert(*at)
    across, e2 = math.hypot(x, y), _AIRY.e2
    found, before = math.atan2(z, across * (1.0 - e2)), math.inf
    while abs(found - before) > _SMALL:
        before = found
        nu = _AIRY.a / math.sqrt(1.0 - e2 * math.sin(found) ** 2)
        found = math.atan2(z + e2 * nu * math.sin(found), across)
    return math.atan2(y, x), found


def helmert(x: float, y: float, z: float) -> tuple[float, float, float]:
    """Return cartesian coordinates under the old datum, in metres."""
    s = 1.0 + _SCALE * 1e-6
    rx, ry, rz = (math.radians(seconds / 3600.0) for seconds in _TURN)
    return (
        _SHIFT[0] + s * x - rz * y + ry * z,
        _SHIFT[1] + rz * x + s * y - rx * z,
        _SHIFT[2] - ry * x + rx * y + s * z,
    )


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Return easting and northing of a place under the old datum, in radians."""
    a, b, e2 = _AIRY.a * _F0, _AIRY.b * _F0, _AIRY.e2
    sin, cos, tan2 = math.sin(latitude), math.cos(latitude), math.tan(latitude) ** 2
    nu = a / math.sqrt(1.0 - e2 * sin * sin)
    rho = a * (1.0 - e2) / (1.0 - e2 * sin * sin) ** 1.5
    eta2 = nu / rho - 1.0
    n = (_AIRY.a - _AIRY.b) / (_AIRY.a + _AIRY.b)
    less, more = latitude - _ORIGIN[0], latitude + _ORIGIN[0]
    arc = b * (
        (1.0 + n + 5.0 / 4.0 * n**2 + 5.0 / 4.0 * n**3) * less
        - (3.0 * n + 3.0 * n**2 + 21.0 / 8.0 * n**3) * math.sin(less) * math.cos(more)
        + (15.0 / 8.0 * n**2 + 15.0 / 8.0 * n**3) * math.sin(2.0 * less) * math.cos(2.0 * more)
        - 35.0 / 24.0 * n**3 * math.sin(3.0 * less) * math.cos(3.0 * more)
    )
    east = longitude - _ORIGIN[1]
    northing = (
        arc
        + _N0
        + nu / 2.0 * sin * cos * east**2
        + nu / 24.0 * sin * cos**3 * (5.0 - tan2 + 9.0 * eta2) * east**4
        + nu / 720.0 * sin * cos**5 * (61.0 - 58.0 * tan2 + tan2**2) * east**6
    )
    easting = (
        _E0
        + nu * cos * east
        + nu / 6.0 * cos**3 * (nu / rho - tan2) * east**3
        + nu / 120.0 * cos**5 * (5.0 - 18.0 * tan2 + tan2**2 + 14.0 * eta2 - 58.0 * tan2 * eta2) * east**5
    )
    return easting, northing
