"""What the page answers: the form with its answer, the events of a comparison, files, and the single run."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from coworksim.app import form as choices
from coworksim.app import maps
from coworksim.app.form import ARCHIVE, CHARTS, OFFERED, Form, filled, groups, query, without_unchanged
from coworksim.app.job_queue import Desk, Job, WatchError
from coworksim.app.page_scenarios import Worlds, told
from coworksim.app.question import FormError, Question, Trouble, marks, odd_of, read
from coworksim.app.rendering import refusal, render
from coworksim.files.errors import InputError, printable
from coworksim.model.scenario import Scenario

_HOME: Final = Path(__file__).parent
_BEAT: Final = 15.0  # seconds after which a silent stream says that it is alive
_MOST_FIELDS: Final = 400
_OF_WORLD: Final = ("region", "size", "file")


def cookie_name(port: int) -> str:
    """Return the name of the cookie; cookies know no ports, so the name tells pages of one machine apart."""
    return f"coworksim-{port}"


class Pages:
    """Answers requests; ``version`` stands in every address."""

    def __init__(self, key: str, port: int, version: str, desk: Desk, worlds: Worlds) -> None:
        self._key, self._port, self._version = key, port, version
        self._desk, self._worlds = desk, worlds

    def routes(self) -> list[Route | Mount]:
        """Return every address that there is."""
        return [
            Route("/", self.show),
            Route("/start", self.start, methods=["GET", "POST"]),
            Route("/check", self.check, methods=["POST"]),
            Route("/compare", self.compare, methods=["POST"]),
            Route("/scenario", self.open_scenario, methods=["POST"]),
            Route("/jobs/{job:int}/cancel", self.cancel, methods=["POST"]),
            Route("/jobs/{job:int}/events", self.events),
            Route("/jobs/{job:int}/answer", self.answer),
            Route("/jobs/{job:int}/charts/{folder:str}/{name:str}.svg", self.chart),
            Route("/jobs/{job:int}/files/{name:str}", self.file),
            *maps.routes(),
            Route("/watch", self.watch),
            Route("/watch/frames", self.frames),
            Mount("/static", StaticFiles(directory=_HOME / "static")),
        ]

    async def start(self, request: Request) -> Response:
        """Take the key of this start, as the address of the terminal or typed, and go to the page."""
        given: Any = request.query_params
        if request.method == "POST":
            given = await request.form(max_files=0, max_fields=4)
        if not hmac.compare_digest(str(given.get("key", "")).encode(), self._key.encode()):
            text = "This key is not that of the present start; use the address that the terminal showed last."
            return refusal(403, "Locked", text, door=_own(str(given.get("next", "/"))))
        answer = RedirectResponse(_own(str(given.get("next", "/"))), 303)
        answer.set_cookie(cookie_name(self._port), self._key, httponly=True, samesite="strict", path="/")
        return answer

    async def show(self, request: Request) -> Response:
        """Show the form as the address fills it in, and the answer to it if there is one."""
        form = filled(request.query_params.multi_items())
        made_with = request.query_params.get("v", self._version)
        example = request.query_params.get("example")
        titles = [title for at, (title, _) in enumerate(choices.EXAMPLES) if example == str(at)]
        notes = [f"The question is filled in: {title} Press Compare at the end of it." for title in titles]
        if made_with != self._version:
            other = f"This address was made with version {printable(made_with)[:40]}, and this is {self._version}"
            notes.append(f"{other}: numbers may differ.")
        return await self._page(form, notes=notes)

    async def check(self, request: Request) -> Response:
        """Say what is hardly meant in a question that is being put together, as a part of the page."""
        form = await self._normal(await request.form(max_files=0, max_fields=_MOST_FIELDS))
        question: Question | None = None
        with suppress(FormError):  # told when it is sent
            question = await self._question(form)
        return HTMLResponse(render("warnings.html", odd=_odd(question, (await self._shown(form))[1])))

    async def compare(self, request: Request) -> Response:
        """Begin a comparison and go to its address; what is hardly meant must have been in sight."""
        given = await request.form(max_files=0, max_fields=_MOST_FIELDS)
        form, instead = await self._normal(given), str(given.get("instead", ""))
        try:
            question = await self._question(form)
            if not {*marks(question.odd)} <= {*given.getlist("known")}:
                return await self._page(form, status=422, instead=instead)
            address = query(form, self._version)
            await self._desk.ask(question, address, instead)
        except FormError as error:
            return await self._page(form, troubles=error.troubles, status=422, instead=instead)
        return RedirectResponse(f"/?{address}#answer", 303)

    async def open_scenario(self, request: Request) -> Response:
        """Open a scenario file, strictly read."""
        async with request.form(max_files=1, max_fields=_MOST_FIELDS) as given:
            file = given.get("scenario")
            name = file.filename if isinstance(file, UploadFile) else None
            data = await file.read() if isinstance(file, UploadFile) else b""
        form = filled([])
        if not name:
            return await self._page(form, troubles=[Trouble("scenario", "Choose a file first")], status=422)
        try:
            form["file"] = await run_in_threadpool(self._worlds.add, name, data)
            world = await self._world(form)
        except InputError as error:
            troubles = [Trouble("scenario", told(problem)) for problem in error.problems]
            return await self._page(filled([]), troubles=troubles, status=422)
        if world.policies:
            form["a1.kind"] = "declared"
        return RedirectResponse(f"/?{query(form, self._version)}", 303)

    async def cancel(self, request: Request) -> Response:
        """Cancel a comparison and go back to its address."""
        await self._desk.stop(self._job(request))
        given = await request.form(max_files=0, max_fields=4)
        return RedirectResponse(_own(str(given.get("next", "/"))), 303)

    async def events(self, request: Request) -> Response:
        """Tell where a comparison stands, each time that it changes."""
        return StreamingResponse(self._stream(self._job(request)), media_type="text/event-stream")

    async def _stream(self, job: Job) -> AsyncIterator[str]:
        event, told = asyncio.Event(), -1
        job.waiting.add(event)
        try:
            while True:
                if told != job.version:
                    told = job.version
                    yield f"data: {json.dumps(self._standing(job))}\n\n"
                    if job.ended:
                        return
                event.clear()
                try:
                    await asyncio.wait_for(event.wait(), _BEAT)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            job.waiting.discard(event)

    def _standing(self, job: Job) -> dict[str, Any]:
        replicates = int(job.answer["replicates"]) if job.answer else 0
        answer = f"{replicates} {job.charts} {job.ended}" if job.answer else ""
        about = {name: getattr(job, name) for name in ("state", "done", "total", "ended")}
        return {**about, "sentence": job.sentence(self._desk.ready), "answer": answer, "replicates": replicates}

    async def answer(self, request: Request) -> Response:
        """Return the answer so far, as a part of the page."""
        job = self._job(request)
        if job.answer is None:
            raise HTTPException(404)
        larger = choices.larger(job.address, job.answer, self._version)
        return HTMLResponse(render("answer.html", job=job, charts=CHARTS, offered=OFFERED, larger=larger))

    async def chart(self, request: Request) -> Response:
        """Return a chart."""
        job, name, folder = self._job(request), request.path_params["name"], request.path_params["folder"]
        if name not in CHARTS or folder != job.charts:
            raise HTTPException(404)
        return FileResponse(job.folder / folder / f"{name}.svg", media_type="image/svg+xml")

    async def file(self, request: Request) -> Response:
        """Return a file to take away."""
        job, name = self._job(request), request.path_params["name"]
        path = job.folder / name if name == ARCHIVE else job.folder / "files" / name
        if name not in OFFERED or not job.ended or not path.is_file():
            raise HTTPException(404)
        return FileResponse(path, media_type=OFFERED[name][1], filename=f"coworksim-{name}")

    async def watch(self, request: Request) -> Response:
        """Show the page of the single run of the address."""
        form = filled(request.query_params.multi_items())
        try:
            question = await self._question(form)
        except FormError as error:
            return await self._page(form, troubles=error.troubles, status=422)
        address = query(form, self._version)
        arms = [(name, f"/watch/frames?{address}&arm={quote(name)}") for name in question.arms]
        about = {"world": question.scenario.title, "odd": question.odd}
        page = render("watch.html", arms=arms, back=f"/?{address}#answer", **about)
        return HTMLResponse(page)

    async def frames(self, request: Request) -> Response:
        """Return the single run itself."""
        try:
            question = await self._question(filled(request.query_params.multi_items()))
            arm = request.query_params.get("arm", "")
            if arm not in question.arms:
                return JSONResponse({"error": "There is no such policy in this comparison."}, 404)
            return JSONResponse(dict(await self._desk.watch(question, arm)))
        except FormError as error:
            return JSONResponse({"error": str(error)}, 422)
        except WatchError as error:
            return JSONResponse({"error": str(error)}, 503)

    async def _question(self, form: Form) -> Question:
        return await run_in_threadpool(read, form, self._worlds.load)

    async def _world(self, form: Form) -> Scenario:
        return await run_in_threadpool(self._worlds.load, form, {})

    async def _shown(self, form: Form) -> tuple[Form, Scenario]:
        """Return the world of a form with what names it; those of the start where there is no such world."""
        said = filled((name, form[name]) for name in _OF_WORLD)
        try:
            return said, await self._world(said)
        except FormError:
            return filled(()), await self._world(filled(()))

    def _job(self, request: Request) -> Job:
        job = self._desk.job(str(request.path_params["job"]))
        if job is None:
            raise HTTPException(404)
        return job

    async def _normal(self, given: FormData) -> Form:
        """Return a form without assumptions that are as the world has them that the sliders were shown for."""
        pairs = [(name, value) for name, value in given.multi_items() if isinstance(value, str)]
        form = filled(pairs)
        shown = filled(parse_qsl(str(given.get("shown", ""))))
        try:
            world = await self._world(shown)
        except FormError:
            return form
        return without_unchanged(form, world.values)

    async def _page(
        self,
        form: Form,
        *,
        notes: list[str] | None = None,
        troubles: list[Trouble] | None = None,
        status: int = 200,
        instead: str = "",
    ) -> Response:
        wrong, job = list(troubles or []), None
        question: Question | None = None
        if not wrong:
            try:
                question = await self._question(form)
                job = self._desk.of(question.key)
            except FormError as error:
                wrong = error.troubles
        shown, world = await self._shown(form)
        address = query(form, self._version)
        page = render(
            "page.html",
            form=form,
            form_world="&".join(f"{k}={shown[k]}" for k in _OF_WORLD),
            groups=groups(form, world),
            world=world,
            job=job,
            instead=job.name if job else instead,
            notes=notes or [],
            odd=_odd(question, world),
            unseen=bool(question) and status != 200,
            troubles=wrong,
            wrong={one.field: one.text for one in wrong},
            choices=choices,
            version=self._version,
            address=address,
            file_name=self._worlds.name(form["file"]),
            charts=CHARTS,
            offered=OFFERED,
            ready=self._desk.ready,
            next=f"/?{address}#answer",
            larger=choices.larger(job.address, job.answer, self._version) if job else "",
            examples=[
                (title, f"{query(filled(fields), self._version)}&example={at}#question")
                for at, (title, fields) in enumerate(choices.EXAMPLES)
            ],
        )
        return HTMLResponse(page, status)


def _odd(question: Question | None, world: Scenario) -> dict[str, str]:
    """Return what is hardly meant in a question, with its marks; where there is none yet, in its world."""
    return marks(question.odd if question else odd_of(world))


def _own(address: str) -> str:
    """Return an address of this page; anything else becomes its start."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"
