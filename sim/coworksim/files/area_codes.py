"""Which region a code or a name means: NUTS codes, codes and names of local authorities, larger regions, other years.

A region is named only where there is no doubt; ``uk_authorities.csv`` says where each local authority lies.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from coworksim.files.built_in import data_folder
from coworksim.files.errors import nearest
from coworksim.files.uk_regions import RealRegion

_NUTS: Final = re.compile(r"UK([C-N][0-9A-Z]{0,2})")
_ITL: Final = re.compile(r"TL[C-N][0-9A-Z]{0,2}")
_NINE: Final = re.compile(r"[EWSNKJ][0-9]{8}")
#: Where the codes stand.
LISTED: Final = "coworksim regions uk-all lists them"
#: So many codes are listed.
_FEW: Final = 12


class Authority(NamedTuple):
    """A local authority: its code, its name, and the share of its people in each region by code."""

    code: str
    name: str
    regions: Mapping[str, float]


@cache
def authorities() -> Mapping[str, Authority]:
    """Return the local authorities of 2021 to 2023, by code.

    >>> authorities()["E06000001"]
    Authority(code='E06000001', name='Hartlepool', regions={'TLC11': 1.0})
    """
    found: dict[str, Authority] = {}
    with (data_folder() / "regions" / "uk_authorities.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, strict=True):
            one = found.setdefault(row["code"], Authority(row["code"], row["name"], {}))
            found[one.code] = one._replace(regions={**one.regions, row["region"]: float(row["share_of_people"])})
    return MappingProxyType(found)


def region_of_code(said: str, real: Mapping[str, RealRegion]) -> str | None:
    """Return the one region of ``real`` that a code or name surely means; None where there is any doubt.

    >>> from coworksim.files.uk_regions import real_regions
    >>> [region_of_code(said, real_regions()) for said in ("UKC13", "E06000001", "darlington", "S12000017", "TLC19")]
    ['TLC13', 'TLC11', 'TLC13', None, None]
    """
    said = said.strip()
    if said in real:
        return said
    if nuts := _NUTS.fullmatch(said.upper()):
        code = "TL" + nuts[1]
        return code if code in real else None
    names = {place.name.casefold(): code for code, place in real.items()}
    if said.casefold() in names:
        return names[said.casefold()]
    if (authority := _authority(said)) is not None:
        (code, *others) = authority.regions
        return code if not others and code in real else None
    return None


def _authority(said: str) -> Authority | None:
    """Return the authority of a code, or that of a name which all authorities of this name agree about."""
    if said.upper() in authorities():
        return authorities()[said.upper()]
    named = [one for one in authorities().values() if said.casefold() in _names_of(one)]
    return named[0] if named and all(one.regions == named[0].regions for one in named) else None


def _names_of(authority: Authority) -> tuple[str, str]:
    """Return the name of an authority as people compare it, and the same without what follows a city or county."""
    name = authority.name.casefold()
    return name, name.removesuffix(", city of").removesuffix(", county of")


def places_like(said: str) -> list[str]:
    """List the authorities in whose names the words stand, where these are few.

    >>> places_like("newcastle"), places_like("Nowhere")
    (['Newcastle upon Tyne', 'Newcastle-under-Lyme'], [])
    """
    words = re.findall(r"\w+", said.casefold())
    names = {one.name: f" {' '.join(re.findall(r'\w+', one.name.casefold()))} " for one in authorities().values()}
    found = sorted(name for name, folded in names.items() if words and f" {' '.join(words)} " in folded)
    return found if len(found) <= _FEW else []


def advice(said: str, real: Mapping[str, RealRegion], whose: str) -> str:
    """Return what to write for a code that is none of the regions ``real``, which are those of ``whose``.

    >>> from coworksim.files.uk_regions import real_regions
    >>> advice("UKC13", real_regions(), "the UK")
    'write TLC13 (Darlington): UKC13 is its NUTS code'
    >>> advice("TLC43", real_regions(), "the UK")
    'write the code of a region of the UK (coworksim regions uk-all lists them); they are those of ITL 2021; ITL 2025 \
and other years have other codes'
    """
    said = said.strip()
    few = ", ".join(real) if len(real) <= _FEW else ""
    listed = f" ({LISTED})" if whose == "the UK" else f": {few}" * bool(few)
    plain = f"write the code of a region of {whose}{listed}"
    code = region_of_code(said, real)
    if code is not None:
        shown = f"write {code} ({real[code].name})"
        if _NUTS.fullmatch(said.upper()):
            return f"{shown}: {said} is its NUTS code"
        if said.casefold() == real[code].name.casefold():
            return shown
        authority = _authority(said)
        return f"{shown}, where the authority {authority.name} lies" if authority else shown
    if (authority := _authority(said)) is not None:
        parts = _known(authority, real)
        write = f"lies in {parts}: write one of them, or a row for each" if parts else f"lies in {_codes(authority)}"
        return f"the authority {authority.name} {write}" if parts else f"{plain}; {authority.name} {write}"
    if _ITL.fullmatch(said) or _NUTS.fullmatch(said):
        itl = "TL" + said[2:]
        inside = [f"{code} ({place.name})" for code, place in real.items() if code.startswith(itl)]
        if inside and len(itl) < 5:
            shown = ", ".join(inside[:8]) + (f" and {len(inside) - 8} more" if len(inside) > 8 else "")
            return f"{said} is a larger region; write one inside it: {shown}"
        if whose == "the UK":
            return f"{plain}; they are those of ITL 2021; ITL 2025 and other years have other codes"
    if _NINE.fullmatch(said):
        return f"{plain}; no local authority of 2021 to 2023 has this code"
    close = nearest(said, [place.name for place in real.values()])
    if close is not None:
        return f"write {next(f'{code} ({close})' for code, place in real.items() if place.name == close)}"
    return plain


def _codes(authority: Authority) -> str:
    return " and ".join(authority.regions)


def _known(authority: Authority, real: Mapping[str, RealRegion]) -> str:
    """List the regions an authority lies in, where all are among ``real``."""
    if not all(code in real for code in authority.regions):
        return ""
    return " and ".join(
        f"{code} ({real[code].name}, {100 * share:.0f} % of its people)" for code, share in authority.regions.items()
    )
