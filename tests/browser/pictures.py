"""Takes the pictures of README and the docs again, with made-up callers: `scripts/pictures`."""

from pathlib import Path

from fakes.desks import DeskHouse
from fakes.filled_journal import records
from fakes.operator_pages import NOW, Studio, filled, storm
from fakes.people import PASSWORD, Office

from ivr.people.person import Role
from tests.browser.playwright_pages import chromium, served, tab

_DOCS = Path(__file__).parents[2] / "docs"
_SIZE = {"width": 1_120, "height": 700}


def desk(into: Path) -> None:
    """A call that was just taken."""
    house = DeskHouse()
    house.office.hire("anna", Role.AGENT)
    for name, queue, priority in (("e1", "senior", 80), ("e2", "vip", 85), ("e3", "agents", 50)):
        house.call(name, queue=queue, priority=priority)
    house.assign("e1", "anna")
    with served(house.app) as address, chromium() as browser:
        _take(browser, address, "anna", "/desk/calls/e1", into)


def trends(into: Path) -> None:
    """A month with a topic that rises."""
    office = Office()
    office.hire("sara", Role.SUPERVISOR)
    journal = filled(4_000, *storm(records(calls=40, seed=9, days=1, until=NOW)))
    studio = Studio(office, journal)
    studio.said = ("Warum steht mein Flieger immer noch?", "Wann geht der Flug endlich?")
    with served(studio.app()) as address, chromium() as browser:
        _take(browser, address, "sara", "/operator/trends?range=30d", into)


def _take(browser: object, address: str, name: str, path: str, into: Path) -> None:
    with tab(browser, address, size=_SIZE) as at:  # type: ignore[arg-type]
        at.sign_in(name, PASSWORD)
        at.open(path)
        at.page.screenshot(path=into)


if __name__ == "__main__":
    desk(_DOCS / "desk.png")
    trends(_DOCS / "trends.png")
