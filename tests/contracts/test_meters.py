"""How every meter adds up, in memory and for Prometheus."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fakes.figures import figure, series_in

from ivr.seeing.measure import Counter, Gauge, Histogram, Label, Measure, Meter, Sample
from ivr.seeing.measures import READING_FAILED
from ivr.seeing.memory_meter import MemoryMeter
from ivr.seeing.prometheus_meter import PrometheusMeter

COLOUR = Label(name="colour", values=frozenset({"red", "blue"}))
TOWN = Label(name="town")
CAME = Counter(name="x_came_total", help="Who came.", labels=(COLOUR, TOWN))
WENT = Counter(name="x_went_total", help="Who went.")
LATE = Counter(name="x_late_total", help="Kept elsewhere.", is_read=True)
TOOK = Histogram(name="x_took_seconds", help="How long.", buckets=(0.1, 1.0), labels=(COLOUR,))
THERE = Gauge(name="x_there", help="Who is there.", labels=(TOWN,))
ALL: tuple[Measure, ...] = (CAME, WENT, LATE, TOOK, THERE, READING_FAILED)


@pytest.fixture(params=["memory", "prometheus"])
def meter(request: pytest.FixtureRequest) -> Meter:
    known = {"town": frozenset({"ulm"})}
    return MemoryMeter(known) if request.param == "memory" else PrometheusMeter(ALL, known)


@pytest.mark.parametrize(
    "odd", ["+4989123456", "Klaus", "", "Ulm", 'x"} 1\ny_total{a="', "x" * 999]
)
def test_a_value_that_is_none_of_the_closed_set_is_told_as_other(meter: Meter, odd: str) -> None:
    meter.count(CAME, odd, odd)
    meter.count(CAME, "red", odd)
    meter.time(TOOK, 0.5, odd)
    meter.read("queues", lambda: [Sample(of=THERE, value=3, labels=(odd,))])
    scraped = meter.scrape()

    assert figure(scraped, "x_came_total", colour="other", town="other") == 1
    assert figure(scraped, "x_came_total", colour="red", town="other") == 1
    assert figure(scraped, "x_took_seconds_count", colour="other") == 1
    assert figure(scraped, "x_there", town="other") == 3
    assert not odd or odd == "Ulm" or odd.encode() not in scraped


def test_a_label_that_is_left_out_is_an_error(meter: Meter) -> None:
    with pytest.raises(ValueError, match="zip"):
        meter.count(CAME, "red")


def test_what_a_house_knows_is_told(meter: Meter) -> None:
    meter.count(CAME, "blue", "ulm")
    meter.count(CAME, "blue", "ulm")
    meter.count(WENT)
    scraped = meter.scrape()

    assert figure(scraped, "x_came_total", colour="blue", town="ulm") == 2
    assert figure(scraped, "x_went_total") == 1


def test_times_are_added_up(meter: Meter) -> None:
    for seconds in (0.05, 0.5, 5.0):
        meter.time(TOOK, seconds, "red")
    scraped = meter.scrape()

    assert figure(scraped, "x_took_seconds_count", colour="red") == 3
    assert figure(scraped, "x_took_seconds_sum", colour="red") == pytest.approx(5.55)


def test_a_reading_that_fails_costs_no_other_figure(meter: Meter) -> None:
    def broken() -> Iterable[Sample]:
        yield Sample(of=THERE, value=1, labels=("ulm",))
        raise RuntimeError("Klaus")

    meter.read("queues", broken)
    meter.read("live", lambda: [Sample(of=LATE, value=7)])
    scraped = meter.scrape()

    assert figure(scraped, "rufwerk_reading_failed", reading="queues") == 1
    assert figure(scraped, "rufwerk_reading_failed", reading="live") == 0
    assert figure(scraped, "x_late_total") == 7
    assert ("x_there", frozenset({("town", "ulm")})) not in series_in(scraped)


def test_several_that_are_told_as_other_are_one_series(meter: Meter) -> None:
    meter.read("queues", lambda: [Sample(of=THERE, value=n, labels=(f"t-{n}",)) for n in (2, 5, 3)])

    assert figure(meter.scrape(), "x_there", town="other") == 5


def test_threads_add_up_together(meter: Meter) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: meter.count(WENT), range(400)))

    assert figure(meter.scrape(), "x_went_total") == 400
