"""A house for each business, with real models and the customers of the fixtures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ivr.wiring import House

from .conversation import Conversation
from .player import BackEnd


class Houses:
    """Houses that were opened so far. They share the recogniser, which none of them changes."""

    def __init__(self, new_folder: Callable[[str], Path], fixtures: Path) -> None:
        self._new_folder, self._fixtures = new_folder, fixtures
        self._open: dict[str, House] = {}

    @contextmanager
    def staged_for(self, conversation: Conversation) -> Iterator[tuple[House, BackEnd | None]]:
        """The house that the conversation calls, as it needs it."""
        yield self.of(conversation.business), None

    def of(self, business: str) -> House:
        if business not in self._open:
            self._open[business] = self._opened(business)
        return self._open[business]

    def close(self) -> None:
        for house in self._open.values():
            house.close()

    def _opened(self, business: str) -> House:
        rehearsal = House.for_rehearsal(self._new_folder(business)).settings
        house = House(
            replace(
                rehearsal,
                understand=replace(rehearsal.understand, pack=business),
                # What recordings and machines sound like is another guard's business.
                verify=replace(rehearsal.verify, liveness="off"),
            )
        )
        for other in self._open.values():
            house.words.__dict__["recogniser"] = other.words.recogniser
        house.stage(self._fixtures)
        return house
