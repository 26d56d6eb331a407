import asyncio

from fakes.live import FakeReception, sound

from ivr.call import Language
from ivr.gateways.links import Links

LINKS = Links(gateway="twilio", public_url="https://ivr.example.com/rufwerk/")


def test_addresses_lie_below_the_public_one_and_carry_the_language() -> None:
    hook = LINKS.hook("turn", Language.GERMAN, step="2")

    assert hook == "https://ivr.example.com/rufwerk/twilio/turn?lang=de&step=2"
    assert LINKS.stream == "wss://ivr.example.com/rufwerk/ws/twilio"


def test_without_a_public_address_they_are_relative_and_prompts_are_not_fetched() -> None:
    links = Links(gateway="jambonz", public_url="", is_last=True)

    assert links.hook("wait", Language.ENGLISH) == "/jambonz/wait?lang=en&last=1"
    assert asyncio.run(links.prompt(FakeReception(), sound(20))) is None


def test_silence_is_not_fetched() -> None:
    silent, spoken = (asyncio.run(LINKS.prompt(FakeReception(), sound(ms))) for ms in (0, 20))

    assert silent is None
    assert (spoken or "").endswith("/prompts/0123456789abcdef.wav")
