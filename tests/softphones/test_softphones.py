"""Telephones that others wrote, on this machine."""

import asyncio
import shutil
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes.live import FakeReception, FakeTalk, quiet, spoken

from ivr.gateways.sip.server import serve_sip
from ivr.settings import SipSettings

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SIPP, BARESIP = shutil.which("sipp"), shutil.which("baresip")
MODULES = next(Path("/usr/lib").rglob("baresip/modules"), Path("/usr/lib/baresip/modules"))

_PATIENCE_S = 30

CONFIG = """
sip_listen 127.0.0.1:0
audio_player aubridge,nil
audio_source aufile,{file}
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
module_path {modules}
module g711.so
module aufile.so
module aubridge.so
module_tmp account.so
module_app menu.so
"""


def called(reception: FakeReception, command: Callable[[int], list[str]], folder: Path) -> str:
    """What a telephone wrote while it called the house."""

    async def run() -> str:
        async with serve_sip(reception, SipSettings()) as port:
            process = await asyncio.create_subprocess_exec(
                *command(port),
                cwd=folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            output, _ = await asyncio.wait_for(process.communicate(), _PATIENCE_S)
            return output.decode("utf-8", "replace")

    return asyncio.run(run())


@pytest.mark.skipif(SIPP is None, reason="sipp is not installed (Debian: sip-tester)")
def test_sipp_calls_three_times_at_once(tmp_path: Path) -> None:
    def command(port: int) -> list[str]:
        calls = ["-sn", "uac", "-m", "3", "-r", "9", "-d", "100", "-nostdin"]
        return [str(SIPP), f"127.0.0.1:{port}", "-i", "127.0.0.1", *calls]

    reception = FakeReception()
    output = called(reception, command, tmp_path)

    counted = [line.split("|") for line in output.splitlines() if "call  " in line and "|" in line]
    totals: dict[str, Any] = {line[0].strip(): line[-1].strip() for line in counted}
    assert totals["Successful call"] == "3"
    assert totals["Failed call"] == "0"
    assert reception.talk.is_gone == 3


@pytest.mark.skipif(BARESIP is None, reason="baresip is not installed (Debian: baresip-core)")
def test_baresip_speaks_and_is_heard(tmp_path: Path) -> None:
    file = tmp_path / "spoken.wav"
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8_000)
        wav.writeframes(quiet(1_100) + spoken(600) + quiet(2_000))
    (tmp_path / "config").write_text(CONFIG.format(file=file, modules=MODULES))
    (tmp_path / "accounts").write_text("<sip:+4989123456@127.0.0.1>;regint=0\n")
    (tmp_path / "contacts").touch()

    def command(port: int) -> list[str]:
        dial = f"/dial sip:ivr@127.0.0.1:{port}"
        return [str(BARESIP), "-4", "-f", str(tmp_path), "-t", "4", "-e", dial]

    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1
    reception = FakeReception(talk)
    output = called(reception, command, tmp_path)

    assert "Call established" in output
    assert [one.caller_id for one in reception.incoming] == ["+4989123456"]
    assert talk.heard == ["Flug umbuchen"]
    assert talk.is_gone == 1
