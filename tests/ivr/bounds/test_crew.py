"""Threads that end when nobody needs them."""

from threading import Event, get_ident
from threading import enumerate as living

from fakes.patience import until

from ivr.bounds.crew import Crew


def test_no_thread_keeps_the_process_alive() -> None:
    crew, release, found = Crew("named-alive"), Event(), Event()

    crew.begin(lambda: found.set() or release.wait())
    found.wait(5)
    mine = [one for one in living() if one.name == "named-alive"]

    assert [one.daemon for one in mine] == [True]
    release.set()


def test_threads_that_nobody_needs_end() -> None:
    crew, done = Crew("named-idle", idle_s=0.01), Event()

    crew.begin(done.set)
    done.wait(5)
    until(lambda: all(one.name != "named-idle" for one in living()))

    assert crew._idle == []


def test_what_is_given_at_the_last_moment_is_done() -> None:
    crew, seen = Crew("named-late", idle_s=0.001), []
    for _ in range(200):
        done = Event()
        crew.begin(lambda done=done: seen.append(get_ident()) or done.set())  # type: ignore[misc]
        assert done.wait(5)

    assert len(seen) == 200
