"""The view of the map: a choice of what is shown, the picture, and its figures as a table. It works without scripts."""

import threading
from functools import lru_cache
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from coworksim.app.rendering import render

FORMS: Final = {"tiles": "A hexagon for each region", "boundaries": "Boundaries, London enlarged"}
#: matplotlib has one set of settings, so one picture is drawn at a time.
_DRAWING: Final = threading.Lock()


def routes() -> list[Route]:
    """Return the addresses of the view."""
    return [Route("/map", _page), Route("/map/picture.svg", _picture)]


async def _page(request: Request) -> Response:
    """Show the map that the address asks for; a name that there is not is told, and the first one shown."""
    show, form, status = *_asked(request), 200
    about = await run_in_threadpool(_about, show)
    if about is None:
        status, about = 404, await run_in_threadpool(_about, "")
    if form not in FORMS:
        form = next(iter(FORMS))
    return HTMLResponse(render("map.html", **(about or {}), form=form, forms=FORMS, unknown=status != 200), status)


async def _picture(request: Request) -> Response:
    """Return the picture."""
    show, form = _asked(request)
    drawn = await run_in_threadpool(_drawn, show, form) if form in FORMS else None
    if drawn is None:
        raise HTTPException(404)
    return Response(drawn, media_type="image/svg+xml")


def _asked(request: Request) -> tuple[str, str]:
    return request.query_params.get("show", ""), request.query_params.get("form", next(iter(FORMS)))


def _about(show: str) -> dict[str, Any] | None:
    """Return what the page says of a map, the first one where none is named; None where there is no such map."""
    from coworksim.report import map_figures as figures
    from coworksim.report.charts.uk_maps import legend_of

    offered = figures.offered()
    show = show or next(iter(offered))
    if show not in offered:
        return None
    shown = figures.of_offer(show)
    rows = [(row.code, row.region, row.left_behind, figures.as_shown(row.value)) for row in figures.table_of(shown)]
    about = {
        "title": shown.title,
        "unit": shown.unit,
        "said": figures.sentences(shown),
        "key": legend_of(shown),
    }
    return {"offered": offered, "show": show, "rows": rows, **about}


@lru_cache(maxsize=32)
def _drawn(show: str, form: str) -> bytes | None:
    from coworksim.report import map_figures as figures

    if show not in figures.offered():
        return None
    with _DRAWING:
        return figures.map_svg(figures.of_offer(show), form)
