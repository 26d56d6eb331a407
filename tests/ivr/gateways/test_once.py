"""What is asked twice is done once."""

import asyncio

import pytest

from ivr.gateways.once import Once


class Maker:
    """Counts how often it was asked."""

    def __init__(self, fails: int = 0) -> None:
        self.made = 0
        self.fails = fails

    async def __call__(self) -> int:
        await asyncio.sleep(0)
        self.made += 1
        if self.made <= self.fails:
            raise RuntimeError
        return self.made


def test_what_failed_is_made_anew() -> None:
    async def run() -> int:
        once, make = Once[int](), Maker(fails=1)
        with pytest.raises(RuntimeError):
            await once.answer("key", make)
        return await once.answer("key", make)

    assert asyncio.run(run()) == 2


def test_whoever_asks_again_gets_the_same_and_others_their_own() -> None:
    async def run() -> list[int]:
        once, make = Once[int](), Maker()
        return [await once.answer(key, make) for key in ("a", "a", "b")]

    assert asyncio.run(run()) == [1, 1, 2]


def test_whoever_asks_meanwhile_waits_and_whoever_gives_up_stops_nobody() -> None:
    async def run() -> list[int]:
        once, make = Once[int](), Maker()
        impatient = asyncio.create_task(once.answer("a", make))
        others = [asyncio.create_task(once.answer("a", make)) for _ in range(3)]
        await asyncio.sleep(0)
        impatient.cancel()
        return list(await asyncio.gather(*others))

    assert asyncio.run(run()) == [1, 1, 1]


def test_only_so_much_is_kept_and_only_so_long() -> None:
    async def run() -> list[int]:
        few, short, make = Once[int](most=1), Once[int](keep_s=-1), Maker()
        answers = [await few.answer(key, make) for key in ("a", "b", "a")]
        return answers + [await short.answer("a", make) for _ in range(2)]

    assert asyncio.run(run()) == [1, 2, 3, 4, 5]
