import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from struct import pack

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from biometrics import Waveform
from ivr.errors import (
    BadSettings,
    EmptyRecording,
    RecordingTooLong,
    TruncatedRecording,
    UnreadableAudio,
    UnsupportedAudio,
    UploadTooLarge,
)
from ivr.listen.wav import as_pcm, read_file, read_wav, write_wav
from ivr.settings import ListenSettings

SETTINGS = ListenSettings()
TWO_HOURS_S = 7_200

Writer = Callable[..., bytes]
Tone = Callable[..., NDArray[np.float64]]


# --- no recording at all --------------------------------------------------------------------------


def test_no_bytes_are_an_empty_recording() -> None:
    with pytest.raises(EmptyRecording, match="no bytes came"):
        read_wav(b"", SETTINGS)


def test_a_header_that_promises_nothing_is_an_empty_recording(riff: Writer) -> None:
    with pytest.raises(EmptyRecording, match="header and no sound"):
        read_wav(riff(b""), SETTINGS)


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"ID3\x04\x00", "MP3"),
        (b"\xff\xfb\x90\x64", "MP3"),
        (b"\xff\xf3\x40\xc4", "MP3"),
        (b"OggS\x00\x02", "Ogg"),
        (b"fLaC\x00\x00", "FLAC"),
        (b"FORM\x00\x00\x10\x00AIFF", "AIFF"),
        (b"FORM\x00\x00\x10\x00AIFC", "AIFF"),
        (b".snd\x00\x00", "AU"),
        (b"#!AMR\n", "AMR"),
        (b"\x00\x00\x00\x20ftypM4A ", "MP4"),
        (b"\x1a\x45\xdf\xa3", "WebM"),
        (b"RIFX\x00\x00\x10\x00WAVE", "big-endian WAV"),
        (b"RF64\xff\xff\xff\xffWAVE", "RF64"),
    ],
)
def test_other_files_are_refused_by_name(start: bytes, name: str) -> None:
    with pytest.raises(UnreadableAudio, match=name) as refusal:
        read_wav(start + bytes(2_000), SETTINGS)

    assert refusal.value.sentence.endswith("Send the turn as a WAV file.")


@pytest.mark.parametrize("container", ["FLAC", "OGG", "MP3", "AIFF", "AU", "CAF", "W64", "RF64"])
def test_what_libsndfile_writes_beside_wav_is_refused(tone: Tone, container: str) -> None:
    file = BytesIO()
    soundfile.write(file, tone(), 8_000, format=container)

    with pytest.raises(UnreadableAudio, match="no telephone writes"):
        read_wav(file.getvalue(), SETTINGS)


@pytest.mark.parametrize("filler", [b"\x00", b"\xff", b"\xd5", b"\x7f"])
def test_raw_silence_is_refused_with_the_reason(filler: bytes) -> None:
    """Mu-law silence is a run of 0xFF, which begins like an MP3 frame."""
    with pytest.raises(UnreadableAudio, match="tell neither their rate nor their coding"):
        read_wav(filler * 8_000, SETTINGS)


def test_a_riff_file_that_is_a_picture_is_refused() -> None:
    with pytest.raises(UnreadableAudio, match="no sound recording"):
        read_wav(b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(28), SETTINGS)


# --- a damaged recording --------------------------------------------------------------------------


def test_every_cut_before_the_first_sample_is_truncated(riff: Writer) -> None:
    whole = riff()
    header = len(whole) - 1_600

    for end in range(4, header + 2):
        with pytest.raises(TruncatedRecording):
            read_wav(whole[:end], SETTINGS)


def test_a_cut_within_the_sound_leaves_what_is_there(riff: Writer) -> None:
    whole = riff(pack("<4h", 100, -200, 300, 400))

    cut = read_wav(whole[:-3], SETTINGS)

    assert as_pcm(cut.samples).tolist() == [100, -200]


@pytest.mark.parametrize(
    "placeholder", [0, 0x7FFFF000, 0x7FFFFFFF - 36, 0x7FFFFFFF, 0xFFFFFFFF - 36, 0xFFFFFFFF]
)
def test_the_length_that_a_streaming_writer_never_filled_in_is_ignored(
    riff: Writer, placeholder: int
) -> None:
    streamed = riff(pack("<4h", 1, 2, 3, 4), declared=placeholder)

    assert as_pcm(read_wav(streamed, SETTINGS).samples).tolist() == [1, 2, 3, 4]


def test_a_promised_but_missing_sound_is_truncated(riff: Writer) -> None:
    with pytest.raises(TruncatedRecording, match="before its first sample"):
        read_wav(riff(b"", declared=16_000), SETTINGS)


def test_bytes_after_the_sound_are_not_heard(riff: Writer) -> None:
    tagged = riff(pack("<2h", 5, 6)) + b"LIST\x04\x00\x00\x00INFO"

    assert as_pcm(read_wav(tagged, SETTINGS).samples).tolist() == [5, 6]


def test_sound_before_its_format_cannot_be_read() -> None:
    backwards = b"RIFF\x00\x00\x00\x00WAVEdata\x04\x00\x00\x00\x01\x00\x02\x00"

    with pytest.raises(UnreadableAudio, match="does not say how it is coded"):
        read_wav(backwards, SETTINGS)


def test_a_format_chunk_that_is_too_short_is_damaged() -> None:
    body = b"WAVEfmt \x08\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00data\x02\x00\x00\x00\x00\x00"

    with pytest.raises(UnreadableAudio, match="header is damaged"):
        read_wav(b"RIFF\x00\x00\x00\x00" + body, SETTINGS)


def test_an_extensible_header_without_its_extension_is_damaged(riff: Writer) -> None:
    with pytest.raises(UnreadableAudio, match="header is damaged"):
        read_wav(riff(tag=0xFFFE), SETTINGS)


def test_a_file_of_empty_chunks_is_given_up() -> None:
    with pytest.raises(UnreadableAudio, match="among its first chunks"):
        read_wav(b"RIFF\x00\x00\x00\x00WAVE" + b"junk\x00\x00\x00\x00" * 500_000, SETTINGS)


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_float_samples_that_are_no_numbers_are_refused(
    by_libsndfile: Writer, tone: Tone, subtype: str, broken: float
) -> None:
    sound = tone()
    sound[100] = broken

    with pytest.raises(UnreadableAudio, match="no numbers"):
        read_wav(by_libsndfile(sound, 8_000, subtype), SETTINGS)


# --- a recording that no telephone writes ---------------------------------------------------------


@pytest.mark.parametrize("rate_hz", [0, 1, 5_999, 192_001, 0xFFFFFFFF])
def test_absurd_rates_are_refused(riff: Writer, rate_hz: int) -> None:
    with pytest.raises(UnsupportedAudio, match="samples a second"):
        read_wav(riff(rate_hz=rate_hz), SETTINGS)


@pytest.mark.parametrize("channels", [0, 3, 40, 65_535])
def test_absurd_channel_counts_are_refused(riff: Writer, channels: int) -> None:
    with pytest.raises(UnsupportedAudio, match=f"{channels} channels"):
        read_wav(riff(channels=channels, block_bytes=2), SETTINGS)


@pytest.mark.parametrize(
    ("tag", "bits"), [(1, 0), (1, 1), (1, 12), (1, 20), (1, 64), (1, 65_535), (3, 16), (3, 24)]
)
def test_absurd_widths_are_refused(riff: Writer, tag: int, bits: int) -> None:
    with pytest.raises(UnsupportedAudio, match=f"samples of {bits} bits"):
        read_wav(riff(tag=tag, bits=bits, block_bytes=2), SETTINGS)


@pytest.mark.parametrize(
    ("tag", "name"),
    [(0x02, "Microsoft ADPCM"), (0x11, "IMA ADPCM"), (0x55, "MP3"), (0x1234, "0x1234")],
)
def test_other_codings_inside_wav_are_refused_by_name(riff: Writer, tag: int, name: str) -> None:
    with pytest.raises(UnsupportedAudio, match=name):
        read_wav(riff(tag=tag, bits=4, block_bytes=256), SETTINGS)


def test_an_unknown_subformat_is_refused(riff: Writer) -> None:
    ambisonic = pack("<HHI", 22, 16, 4) + bytes.fromhex("010000002107d31186444c8c1ca00000")
    with pytest.raises(UnsupportedAudio, match="not known here"):
        read_wav(riff(tag=0xFFFE, extension=ambisonic), SETTINGS)


def test_samples_in_wider_boxes_are_refused_rather_than_played_as_noise(riff: Writer) -> None:
    with pytest.raises(UnsupportedAudio, match="packs 4 bytes where its format has 3"):
        read_wav(riff(bits=24, block_bytes=4), SETTINGS)


def test_gsm_in_stereo_is_refused(riff: Writer) -> None:
    with pytest.raises(UnsupportedAudio, match="one channel"):
        read_wav(riff(tag=0x31, channels=2, bits=0, block_bytes=65), SETTINGS)


def test_a_channel_that_does_not_exist_is_a_bad_setting(riff: Writer) -> None:
    with pytest.raises(BadSettings, match="left, right or mix"):
        read_wav(riff(), ListenSettings(channel="middle"))


# --- too much -------------------------------------------------------------------------------------


def test_more_bytes_than_a_turn_may_have_are_refused_unread() -> None:
    with pytest.raises(UploadTooLarge, match="at most 120 s"):
        read_wav(bytes(1_001), ListenSettings(largest_upload_bytes=1_000))


def test_one_sample_too_many_is_too_long(riff: Writer) -> None:
    one_second = ListenSettings(longest_turn_ms=1_000)

    assert read_wav(riff(bytes(16_000)), one_second).duration_ms == 1_000
    with pytest.raises(RecordingTooLong, match="at most 1 s"):
        read_wav(riff(bytes(16_016)), one_second)


@pytest.mark.parametrize(
    ("tag", "bits", "block_bytes", "bytes_a_second"),
    [(1, 8, 1, 8_000), (7, 8, 1, 8_000), (0x31, 0, 65, 1_625)],
)
def test_two_hours_are_refused_without_being_decoded(
    riff: Writer, tag: int, bits: int, block_bytes: int, bytes_a_second: int
) -> None:
    two_hours = riff(
        bytes(TWO_HOURS_S * bytes_a_second), tag=tag, bits=bits, block_bytes=block_bytes
    )
    roomy = ListenSettings(largest_upload_bytes=1 << 30)

    tracemalloc.start()
    try:
        with pytest.raises(RecordingTooLong, match="lasts 7200 s"):
            read_wav(two_hours, roomy)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 100_000


def test_two_hours_that_are_only_declared_are_refused_by_the_header(riff: Writer) -> None:
    declared = riff(bytes(1_600), declared=TWO_HOURS_S * 16_000)

    with pytest.raises(RecordingTooLong, match="lasts 7200 s"):
        read_wav(declared, SETTINGS)


def test_a_declared_length_costs_no_memory(riff: Writer) -> None:
    declared = riff(bytes(1_600), declared=0xFFFFFFFF)

    tracemalloc.start()
    try:
        assert read_wav(declared, SETTINGS).duration_ms == 100
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 100_000


# --- every shape that is read ---------------------------------------------------------------------

LEVELS = [-32768, -16384, -256, 0, 256, 16384, 32512]
"""16-bit values that eight bits can hold too."""

EXACT = [
    ("8-bit PCM", 1, 8, lambda v: (v // 256 + 128).astype("u1").tobytes()),
    ("16-bit PCM", 1, 16, lambda v: v.astype("<i2").tobytes()),
    ("24-bit PCM", 1, 24, lambda v: b"".join(pack("<i", int(n) * 65536)[1:] for n in v)),
    ("32-bit PCM", 1, 32, lambda v: (v * 65536).astype("<i4").tobytes()),
    ("32-bit float", 3, 32, lambda v: (v / 32768).astype("<f4").tobytes()),
    ("64-bit float", 3, 64, lambda v: (v / 32768).astype("<f8").tobytes()),
]


@pytest.mark.parametrize(
    ("tag", "bits", "written"), [row[1:] for row in EXACT], ids=[r[0] for r in EXACT]
)
def test_the_same_sound_is_the_same_in_every_width(
    riff: Writer, tag: int, bits: int, written: Callable[[NDArray[np.int64]], bytes]
) -> None:
    sound = written(np.array(LEVELS))

    heard = read_wav(riff(sound, tag=tag, bits=bits), SETTINGS).samples

    assert np.float32 == heard.dtype
    assert [level / 32768 for level in LEVELS] == heard.tolist()


SHAPES = [
    *[("WAV", subtype) for subtype in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")],
    *[("WAV", subtype) for subtype in ("ULAW", "ALAW")],
    *[("WAVEX", subtype) for subtype in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32")],
    *[("WAVEX", subtype) for subtype in ("FLOAT", "DOUBLE", "ULAW", "ALAW")],
]


@pytest.mark.parametrize("rate_hz", [6_000, 8_000, 11_025, 16_000, 44_100, 48_000, 192_000])
@pytest.mark.parametrize(("container", "subtype"), SHAPES)
def test_every_shape_sounds_as_libsndfile_reads_it(
    by_libsndfile: Writer, tone: Tone, container: str, subtype: str, rate_hz: int
) -> None:
    data = by_libsndfile(tone(ms=50, rate_hz=rate_hz), rate_hz, subtype, container)
    expected, _ = soundfile.read(BytesIO(data), dtype="float32")

    heard = read_wav(data, SETTINGS)

    assert rate_hz == heard.rate_hz
    assert len(expected) > 0
    assert expected.tolist() == heard.samples.tolist()


@pytest.mark.parametrize("rate_hz", [8_000, 11_025])
def test_gsm_as_asterisk_writes_it_is_read(by_libsndfile: Writer, tone: Tone, rate_hz: int) -> None:
    """wav49 holds 65-byte blocks of 320 samples, so a recording ends on a whole block."""
    spoken = tone(rate_hz=rate_hz)
    data = by_libsndfile(spoken, rate_hz, "GSM610")

    heard = read_wav(data, SETTINGS)

    assert rate_hz == heard.rate_hz
    assert len(heard.samples) == -(-len(spoken) // 320) * 320
    assert np.corrcoef(spoken, heard.samples[: len(spoken)])[0, 1] > 0.99


def test_a_gsm_recording_that_was_cut_is_read_to_its_last_whole_block(
    by_libsndfile: Writer, tone: Tone
) -> None:
    data = by_libsndfile(tone(), 8_000, "GSM610")

    whole, cut = read_wav(data, SETTINGS), read_wav(data[:-30], SETTINGS)

    assert len(whole.samples) - 320 == len(cut.samples)
    assert whole.samples[: len(cut.samples)].tolist() == cut.samples.tolist()


def test_chunks_before_the_format_are_passed_over(riff: Writer) -> None:
    """An odd chunk is followed by a byte that belongs to nobody."""
    before = b"bext\x03\x00\x00\x00abc\x00" + b"JUNK\x04\x00\x00\x00\x00\x00\x00\x00"

    heard = read_wav(riff(pack("<2h", 7, 8), before=before), SETTINGS)

    assert as_pcm(heard.samples).tolist() == [7, 8]


def test_a_block_size_left_empty_misleads_nobody(riff: Writer) -> None:
    heard = read_wav(riff(pack("<2h", 7, 8), block_bytes=0), SETTINGS)

    assert as_pcm(heard.samples).tolist() == [7, 8]


@pytest.mark.parametrize("bits", [0, 8, 16])
def test_the_width_that_a_writer_claims_for_mulaw_is_not_read(riff: Writer, bits: int) -> None:
    heard = read_wav(riff(b"\x00\x80\xff", tag=7, bits=bits, block_bytes=1), SETTINGS)

    assert as_pcm(heard.samples).tolist() == [-32124, 32124, 0]


def test_float_sound_beyond_full_scale_is_clipped(riff: Writer) -> None:
    loud = np.array([1.5, -300.0, 1e300, 0.25], dtype="<f8").tobytes()

    heard = read_wav(riff(loud, tag=3, bits=64), SETTINGS)

    assert heard.samples.tolist() == [1.0, -1.0, 1.0, 0.25]


@pytest.mark.parametrize(
    ("channel", "expected"),
    [("left", [0.5, 0.25]), ("right", [-0.5, 0.75]), ("mix", [0.0, 0.5])],
)
def test_the_caller_is_on_the_channel_the_operator_says(
    riff: Writer, channel: str, expected: list[float]
) -> None:
    sound = np.array([0.5, -0.5, 0.25, 0.75], dtype="<f4").tobytes()

    heard = read_wav(riff(sound, tag=3, bits=32, channels=2), ListenSettings(channel=channel))

    assert expected == heard.samples.tolist()


@pytest.mark.parametrize("channel", ["left", "right", "mix"])
def test_mono_sounds_the_same_on_every_channel(riff: Writer, channel: str) -> None:
    heard = read_wav(riff(pack("<2h", 3, -4)), ListenSettings(channel=channel))

    assert as_pcm(heard.samples).tolist() == [3, -4]


# --- files ----------------------------------------------------------------------------------------


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAudio, match=r"turn\.wav does not exist"):
        read_file(tmp_path / "turn.wav", SETTINGS)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAudio, match="is no file"):
        read_file(tmp_path, SETTINGS)


def test_a_path_below_a_file_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"")

    with pytest.raises(UnreadableAudio, match="does not exist"):
        read_file(tmp_path / "a.wav" / "b.wav", SETTINGS)


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By patch, for the superuser may read everything."""
    path = tmp_path / "turn.wav"
    path.write_bytes(b"RIFF")

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableAudio, match="Check who may read it"):
        read_file(path, SETTINGS)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "two-hours.wav"
    with path.open("wb") as file:
        file.truncate(TWO_HOURS_S * 16_000)

    tracemalloc.start()
    try:
        with pytest.raises(UploadTooLarge, match="115,200,000 bytes"):
            read_file(path, SETTINGS)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 100_000


def test_a_file_sounds_like_its_bytes(tmp_path: Path, riff: Writer) -> None:
    path = tmp_path / "turn.wav"
    path.write_bytes(riff(pack("<3h", 1, -2, 3)))

    assert as_pcm(read_wav(read_file(path, SETTINGS), SETTINGS).samples).tolist() == [1, -2, 3]


# --- writing --------------------------------------------------------------------------------------


def every_sample() -> Waveform:
    samples = np.arange(-32768, 32768) / 32768
    return Waveform(samples=samples.astype(np.float32), rate_hz=8_000)


def test_every_16_bit_sample_survives_writing_and_reading() -> None:
    sound = every_sample()

    back = read_wav(write_wav(sound, encoding="pcm16"), SETTINGS)

    assert back.rate_hz == 8_000
    assert sound.samples.tolist() == back.samples.tolist()


def test_what_mulaw_keeps_survives_writing_and_reading() -> None:
    once = read_wav(write_wav(every_sample(), encoding="mulaw"), SETTINGS)
    twice = read_wav(write_wav(once, encoding="mulaw"), SETTINGS)

    assert once.samples.tolist() == twice.samples.tolist()


@pytest.mark.parametrize(("encoding", "subtype"), [("pcm16", "PCM_16"), ("mulaw", "ULAW")])
@pytest.mark.parametrize("frames", [0, 1, 8_001])
def test_libsndfile_reads_what_is_written(encoding: str, subtype: str, frames: int) -> None:
    sound = Waveform(samples=np.full(frames, 0.5, dtype=np.float32), rate_hz=16_000)

    with soundfile.SoundFile(BytesIO(write_wav(sound, encoding=encoding))) as file:  # type: ignore[arg-type]
        assert (16_000, 1, subtype, frames) == (
            file.samplerate,
            file.channels,
            file.subtype,
            file.frames,
        )


def test_too_loud_a_sound_is_clipped_and_does_not_wrap_around() -> None:
    loud = Waveform(samples=np.array([2.0, -2.0, 1.0], dtype=np.float32), rate_hz=8_000)

    back = read_wav(write_wav(loud, encoding="pcm16"), SETTINGS)

    assert as_pcm(back.samples).tolist() == [32767, -32768, 32767]


def test_a_written_file_is_as_long_as_it_says() -> None:
    """Odd sound is padded, and the padding is not counted as sound."""
    odd = Waveform(samples=np.zeros(3, dtype=np.float32), rate_hz=8_000)

    data = write_wav(odd, encoding="mulaw")

    assert len(data) - 8 == int.from_bytes(data[4:8], "little")
    assert len(data) % 2 == 0
    assert len(read_wav(data, SETTINGS).samples) == 3
