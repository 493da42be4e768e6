"""Watch one run in a browser, week by week, with what requirements-viz.lock names:
`solara run docs/solara_page.py --production --no-check-version`.

With these two flags, and SOLARA_TELEMETRY_MIXPANEL_ENABLE=False, nothing is asked of a network and nothing reported.
"""

from __future__ import annotations

from mesa.datacollection import DataCollector
from mesa.visualization import SolaraViz, make_plot_component

from coworksim import CoworkingModel, Scenario, load_scenario


class Watched(CoworkingModel):
    """The model with two figures collected every week."""

    def __init__(self, setup: Scenario, rng: int | None = None) -> None:
        """Collect from the first week on; ``rng`` is the seed, as Mesa's page calls it."""
        super().__init__(setup, rng)
        self.datacollector = DataCollector(
            model_reporters={
                "members": lambda model: int((model.world.workers.member_of >= 0).sum()),
                "encounters": lambda model: int(model.world.meetings.times.sum()),
            }
        )

    def step(self) -> None:
        """Simulate one week and collect."""
        super().step()
        self.datacollector.collect(self)


scenario = load_scenario("tiny")
page = SolaraViz(
    Watched(scenario),
    components=[make_plot_component("members"), make_plot_component("encounters")],
    model_params={"setup": scenario},
    name="One run: a simulation, not a forecast",
)
