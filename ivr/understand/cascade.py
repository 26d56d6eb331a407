"""Several recognisers as one: the first that speaks the language answers."""

from collections.abc import Sequence

from ivr.call import Language
from ivr.errors import NoRecogniser
from ivr.understand.recogniser import Hearing, Recogniser


class Cascade:
    """Recognisers in order of preference. The transcript says which of them answered."""

    def __init__(self, recognisers: Sequence[Recogniser]) -> None:
        self._recognisers = tuple(recognisers)

    @property
    def engine(self) -> str:
        return "cascade"

    @property
    def languages(self) -> frozenset[Language]:
        return frozenset().union(*(each.languages for each in self._recognisers))

    def start(self, language: Language | None, *, grammar: tuple[str, ...] = ()) -> Hearing:
        """Listen with the first recogniser that understands the language.

        With no language it is the first that can tell all of the cascade's languages apart,
        or else the most preferred.

        Raises:
            NoRecogniser: none understands the language, or none is installed.
        """
        wanted = self.languages if language is None else frozenset({language})
        able = [each for each in self._recognisers if wanted <= each.languages]
        if language is None:
            able += self._recognisers
        if not able:
            raise NoRecogniser("No speech recogniser is installed for this language.")
        return able[0].start(language, grammar=grammar)
