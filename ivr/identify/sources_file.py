"""The file that describes where customers are known, and who is believed."""

from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ivr.errors import BadSources
from ivr.identify.described import Described, FactName
from ivr.identify.fact import DIRECTORY, is_truth
from ivr.identify.rules import VULNERABLE, Rule, Rules
from ivr.strict_yaml import read_yaml

_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
_FIXED = ("customer_id", "subject")
_KIND = 2


class SourcesFile(BaseModel):
    """Sources by name, and the rules between them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: dict[_Name, Described] = Field(min_length=1)
    order: tuple[str, ...] = ()
    """The most trusted first. Sources that are left out come behind, the directory last."""

    rules: dict[FactName, Rule] = {}

    @property
    def weighing(self) -> Rules:
        """The rules, with every source in its place."""
        behind = [name for name in (*self.sources, DIRECTORY) if name not in self.order]
        return Rules(order=(*self.order, *behind), by_fact=self.rules)

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        if DIRECTORY in self.sources:
            raise ValueError(
                f"'{DIRECTORY}' is what customers were imported into; name it otherwise"
            )
        unknown = [name for name in self.order if name not in (*self.sources, DIRECTORY)]
        if unknown or len(set(self.order)) < len(self.order):
            raise ValueError(f"order: name each of the sources and '{DIRECTORY}' once at most")
        return self

    @model_validator(mode="after")
    def _rules_are_safe(self) -> Self:
        if self.rules.get(VULNERABLE, Rule.STRICTEST) is not Rule.STRICTEST:
            raise ValueError(f"rules: {VULNERABLE} is always strictest; leave it out")
        if any(how is Rule.STRICTEST and not is_truth(name) for name, how in self.rules.items()):
            raise ValueError("rules: strictest is for facts that are true or false: is_, has_")
        if any(name in self.rules for name in _FIXED):
            raise ValueError(
                "rules: whose number and voice it is goes by the directory, then order"
            )
        return self


def read_sources(file: Traversable) -> SourcesFile:
    """What a file says.

    Raises:
        BadSources: it cannot be used as it is written; says where.
    """
    try:
        return SourcesFile.model_validate(read_yaml(file, BadSources))
    except ValidationError as err:
        first = err.errors(include_input=False, include_url=False)[0]
        # The third step is the kind of source, which nobody has written there.
        where = ".".join(str(step) for place, step in enumerate(first["loc"]) if place != _KIND)
        message = first["msg"].removeprefix("Value error, ")
        raise BadSources(f"{file.name}: {f'{where}: ' if where else ''}{message}.") from err


def example() -> Traversable:
    """The example that comes with the product."""
    return resources.files("ivr.identify") / "sources.example.yaml"
