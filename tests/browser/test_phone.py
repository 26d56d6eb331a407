"""The telephone in a real browser, with a recording spoken into its microphone."""

import asyncio
import wave
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes.server import serving

from ivr.gateways.phone.routes import routes
from ivr.live.happening import Happening, Watch, nobody
from ivr.live.wire import FRAME_BYTES, FRAME_MS, Ending, Incoming, Wire
from ivr.settings import PhoneSettings
from tests.browser.chromium import BROWSER, Tab, browser

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
]

TONE_HZ = 1_000
HEARD_FRAMES = 75


class FakeCall:
    """Plays a tone until it has heard enough, tells what it found, and hands the caller on."""

    def __init__(self, wire: Wire, watch: Watch) -> None:
        self._wire, self._watch = wire, watch
        self.heard: list[bytes] = []
        self.keys = ""
        self.is_gone = asyncio.Event()
        self.may_end = False

    async def run(self) -> None:
        self._tell("prompt_begins")
        tone = self._tone()
        while not self.is_gone.is_set():
            await self._wire.play(next(tone))
            if self.may_end and len(self.heard) >= HEARD_FRAMES:
                await self._hand_on()
                return
            await asyncio.sleep(FRAME_MS / 1_000)

    async def hear(self, sound: bytes) -> None:
        self.heard.append(sound)

    async def press(self, keys: str) -> None:
        self.keys += keys

    def hang_up(self) -> None:
        self.is_gone.set()

    async def _hand_on(self) -> None:
        self._tell("partial", words="Flug um")
        self._tell("turn_ends", quiet_ms=300)
        self._tell("heard", text="<b>Flug umbuchen</b>", language="de", engine="fake")
        self._tell("verdict", decision="accepted", llr=4.2)
        self._tell(
            "answer", intent="rebook_flight", action="queue", prompt="some", queue="seniors",
            priority=80, reasons="age_over_65",
        )  # fmt: skip
        self._watch(Happening(at_ms=1_700, kind="prompt_begins"))
        await self._wire.end(
            Ending(call_id="x", type="queue", queue="seniors", priority=80, language="de")  # type: ignore[arg-type]
        )

    def _tell(self, kind: str, **told: str | float) -> None:
        self._watch(Happening(at_ms=1_300, kind=kind, told=told))

    @staticmethod
    def _tone() -> Any:
        at = np.arange(160)
        frame = (8_000 * np.sin(2 * np.pi * 500 * at / 8_000)).astype("<i2").tobytes()
        while True:
            yield frame


class FakeOperator:
    def __init__(self) -> None:
        self.calls: list[FakeCall] = []
        self.incoming: list[Incoming] = []

    def answer(
        self,
        incoming: Incoming,
        wire: Wire,
        *,
        watch: Watch = nobody,
        reads_along: bool = False,
    ) -> FakeCall:
        self.incoming.append(incoming)
        self.calls.append(FakeCall(wire, watch))
        return self.calls[-1]


Story = Callable[[Tab, FakeOperator], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds as a sound card gives them."""
    file = tmp_path_factory.mktemp("spoken") / "tone.wav"
    samples = 10_000 * np.sin(2 * np.pi * TONE_HZ * np.arange(96_000) / 48_000)
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(48_000)
        wav.writeframes(samples.astype("<i2").tobytes())
    return file


def in_browser(tone: Path, story: Story, **settings: Any) -> FakeOperator:
    async def run() -> FakeOperator:
        operator = FakeOperator()
        async with (
            serving(routes(operator, PhoneSettings(enabled=True, **settings))) as port,
            browser(f"http://127.0.0.1:{port}/phone", tone) as tab,
        ):
            await story(tab, operator)
            assert tab.complaints == []
        return operator

    return asyncio.run(run())


def status(tab: Tab) -> Coroutine[Any, Any, str]:
    return tab.run("document.querySelector('[role=status]').textContent")


def test_a_wrong_token_is_told_to_the_caller(tone: Path) -> None:
    async def story(tab: Tab, _: FakeOperator) -> None:
        await tab.run("document.getElementById('token').value = 'wrong'")
        await tab.run("document.getElementById('call').click()")
        await tab.until("document.getElementById('status').textContent.includes('phone_refused')")
        await tab.until("!document.getElementById('call').classList.contains('on')")

    assert in_browser(tone, story).incoming == []


def test_a_call_by_keyboard_alone(tone: Path) -> None:
    """Sound goes both ways at the right pitch, keys arrive, and what was found is shown as text."""

    async def story(tab: Tab, operator: FakeOperator) -> None:
        await tab.run("document.getElementById('page-language').value = 'de'")
        await tab.run("document.getElementById('page-language').dispatchEvent(new Event('change'))")
        await tab.run("document.getElementById('from').value = '+49301234567'")
        await tab.run("document.getElementById('call').focus()")
        await tab.press("Enter")
        await tab.until("document.getElementById('status').textContent.startsWith('Verbunden')")
        await tab.press("5")
        await tab.until("document.getElementById('machine-level').value > 0.5")
        await tab.until("document.getElementById('caller-level').value > 0.5")
        [call] = operator.calls
        call.may_end = True
        await tab.until("document.querySelectorAll('#turns li').length === 1")
        await tab.until("!document.getElementById('call').classList.contains('on')")
        assert await status(tab) == (
            "Der Anruf geht in die Warteschlange seniors, Priorität 80 von 100."
        )
        found = await tab.run("document.querySelector('#turns').innerText")
        for part in ("<b>Flug umbuchen</b>", "anerkannt (llr 4.2)", "rebook_flight", "age_over_65"):
            assert part in found
        assert "300 ms bis zum Ende des Satzes, 400 ms bis zur Antwort" in found

    operator = in_browser(tone, story)

    [call], [incoming] = operator.calls, operator.incoming
    assert (incoming.caller_id, incoming.language) == ("+49301234567", None)
    assert call.keys == "5"
    assert {len(one) for one in call.heard} == {FRAME_BYTES}
    samples = np.frombuffer(b"".join(call.heard[-50:]), dtype="<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert abs(np.argmax(spectrum) * 8_000 / len(samples) - TONE_HZ) < 5


def test_hanging_up_and_calling_again(tone: Path) -> None:
    async def story(tab: Tab, operator: FakeOperator) -> None:
        for _ in range(2):
            await tab.run("document.getElementById('call').click()")
            await tab.until("document.getElementById('caller-level').value > 0.5")
            await tab.run("document.getElementById('call').click()")
            await tab.until("!document.getElementById('call').classList.contains('on')")
            await asyncio.wait_for(operator.calls[-1].is_gone.wait(), 10)

    assert len(in_browser(tone, story).calls) == 2


def test_who_hangs_up_before_the_call_begins_is_not_listened_to(tone: Path) -> None:
    async def story(tab: Tab, operator: FakeOperator) -> None:
        await tab.run(
            "navigator.mediaDevices.getUserMedia = ((ask) => async (wanted) => {"
            "  return (window.stream = await ask.call(navigator.mediaDevices, wanted));"
            "})(navigator.mediaDevices.getUserMedia)"
        )
        await tab.run("['call', 'call'].forEach((id) => document.getElementById(id).click())")
        await tab.until("window.stream?.getTracks().every((one) => one.readyState === 'ended')")
        assert "over" in await status(tab)
        assert operator.calls == []

    in_browser(tone, story)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_everything_fits_on_a_small_screen_and_has_a_name(tone: Path, lang: str) -> None:
    async def story(tab: Tab, _: FakeOperator) -> None:
        await tab.ask(
            "Emulation.setDeviceMetricsOverride",
            width=320, height=600, deviceScaleFactor=1, mobile=True,
        )  # fmt: skip
        await tab.run(f"document.getElementById('page-language').value = '{lang}'")
        await tab.run("document.getElementById('page-language').dispatchEvent(new Event('change'))")
        assert await tab.run("document.documentElement.scrollWidth") <= 320
        assert await tab.run("document.documentElement.lang") == lang
        tree = await tab.ask("Accessibility.getFullAXTree")
        nameless = [
            node["role"]["value"]
            for node in tree["nodes"]
            if node.get("role", {}).get("value")
            in ("button", "combobox", "textbox", "meter", "log", "region", "option")
            and not node["name"]["value"].strip()
            and not node.get("ignored")
        ]
        assert nameless == []

    in_browser(tone, story)
