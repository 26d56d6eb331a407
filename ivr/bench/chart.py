"""One table of figures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One table of figures."""

    title: str
    made_by: str
    """What was measured, and the command that measures it on anything else."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_headline: bool = False
    """Shown in the README too."""

    def markdown(self, level: str) -> str:
        head = f"| {' | '.join(self.columns)} |\n|{'---|' * len(self.columns)}\n"
        body = "".join(f"| {' | '.join(row)} |\n" for row in self.rows)
        return f"{level} {self.title}\n\n{self.made_by}\n\n{head}{body}"


def percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"
