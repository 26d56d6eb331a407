"""What a page of a link says, in the words that the call has too."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from ivr.call import Expected, Language, Line, SlotsTold
from ivr.errand import Declined
from ivr.onward.content import Content
from ivr.onward.link import Link
from ivr.speak.for_the_ear import rendered

Write = Callable[[tuple[Line, ...], Language], str]
"""Lines as people read them."""

Read = Callable[[Expected, str, Language, date], SlotsTold]
"""What somebody wrote, as a slot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field of a form."""

    slot: str
    value: str = ""
    is_wrong: bool = False
    """What was written there is not understood."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """One business's."""

    write: Write
    read: Read
    declines: Mapping[str, Collection[str]]
    """Codes with which each request may be declined that there are words for."""

    company: str

    def options(self, content: Content) -> list[str]:
        """As they were offered in the call."""
        return [
            self._line(content, "option", {**one.slots, **one.facts}) for one in content.options
        ]

    def wish(self, content: Content) -> str:
        return self._line(content, "want", {})

    def confirm(self, content: Content, slots: Mapping[str, str]) -> str:
        return self._line(content, "confirm", {**content.slots, **slots})

    def done(self, link: Link) -> str:
        return self._line(link.content, "done", link.told)

    def declined(self, content: Content, no: Declined, slots: Mapping[str, str]) -> str:
        if no.code not in self.declines.get(content.intent, ()):
            return self.write((Line(key="declined.other"),), content.language)
        told = {**content.slots, **slots, **no.facts}
        return self._line(content, f"declined.{no.code}", told)

    @staticmethod
    def facts(told: Mapping[str, str], language: Language) -> dict[str, str]:
        """Each as people read it, such as a date."""
        return {name: rendered(name, value, language).readable for name, value in told.items()}

    def slots(
        self, content: Content, written: Mapping[str, str], today: date
    ) -> dict[str, str] | list[Asked]:
        """What was written, normalised; or the fields again, where something is not understood."""
        read = {
            slot: self._slot(content, slot, written.get(slot, ""), today) for slot in content.needs
        }
        found = {slot: value for slot, value in read.items() if value}
        if len(found) == len(read):
            return found
        return [
            Asked(slot=slot, value=written.get(slot, ""), is_wrong=slot not in found)
            for slot in content.needs
        ]

    def _slot(self, content: Content, slot: str, text: str, today: date) -> str:
        expected = Expected(intent=content.intent, slots=(slot,))
        return self.read(expected, text, content.language, today).slots.get(slot, "")

    def _line(self, content: Content, which: str, facts: Mapping[str, str]) -> str:
        line = Line(key=f"intent.{content.intent}.{which}", facts=facts)
        return self.write((line,), content.language)


def fields(content: Content) -> list[Asked]:
    """An empty form, but for what was said in the call."""
    return [Asked(slot=slot, value=content.slots.get(slot, "")) for slot in content.needs]
