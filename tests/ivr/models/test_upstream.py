import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from ivr.models.content import files_of
from ivr.models.failure import SourceFailed
from ivr.models.install import install
from ivr.models.installed import standing_of
from ivr.models.model import Archive, Edition, ModelFile, UpstreamFiles, UpstreamZip
from ivr.models.upstream import TRIES, download

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CONTENT = bytes(range(256)) * 400
WANTED = Archive(
    file="model.bin", sha256=hashlib.sha256(CONTENT).hexdigest(), size_bytes=len(CONTENT)
)


class Upstream:
    """A server on this machine that does what each test needs."""

    def __init__(self) -> None:
        self.content = CONTENT
        self.breaks_after: list[int] = []
        self.ignores_ranges = False
        self.status = 0
        self.asked: list[str | None] = []

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wish = request.headers.get("Range")
        self.asked.append(wish)
        if self.status:
            request.send_error(self.status)
            return
        start = int(re.sub(r"\D", "", wish)) if wish and not self.ignores_ranges else 0
        if start >= len(self.content):
            request.send_error(416)
            return
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(self.content) - start))
        request.end_headers()
        end = start + self.breaks_after.pop(0) if self.breaks_after else None
        request.wfile.write(self.content[start:end])


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


@pytest.fixture
def address(upstream: Upstream) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            upstream.answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/model.bin"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fetch(address: str, tmp_path: Path, watcher: Any) -> Any:
    def fetched(wanted: Archive = WANTED) -> Path:
        target = tmp_path / "cache" / "model.bin"
        download(address, wanted, target, watcher)
        return target

    return fetched


def test_other_content_is_refused_and_not_kept(
    upstream: Upstream, fetch: Any, tmp_path: Path
) -> None:
    upstream.content = CONTENT[::-1]

    with pytest.raises(SourceFailed, match="not the one the catalogue pins"):
        fetch()

    assert list((tmp_path / "cache").iterdir()) == []


def test_more_than_was_announced_is_refused(upstream: Upstream, fetch: Any) -> None:
    upstream.content = CONTENT + b"more"

    with pytest.raises(SourceFailed, match="more than the catalogue says"):
        fetch()


def test_a_refusal_is_named_by_its_number(upstream: Upstream, fetch: Any) -> None:
    upstream.status = 404

    with pytest.raises(SourceFailed, match="the server answered 404"):
        fetch()


def test_nobody_there_is_a_sentence(tmp_path: Path, watcher: Any) -> None:
    with pytest.raises(SourceFailed, match="could not be reached"):
        download("http://127.0.0.1:9/m", WANTED, tmp_path / "m", watcher)


def test_a_file_address_is_never_opened(tmp_path: Path, watcher: Any) -> None:
    with pytest.raises(SourceFailed, match="no web address"):
        download("file:///etc/hostname", WANTED, tmp_path / "m", watcher)


def test_a_line_that_always_breaks_is_given_up_and_what_came_is_kept(
    upstream: Upstream, fetch: Any, tmp_path: Path
) -> None:
    upstream.breaks_after = [1_000] * TRIES

    with pytest.raises(SourceFailed, match="it resumes"):
        fetch()

    assert CONTENT[:4_000] == (tmp_path / "cache" / "model.bin.part").read_bytes()


def test_a_broken_line_is_taken_up_where_it_broke(upstream: Upstream, fetch: Any) -> None:
    upstream.breaks_after = [30_000, 40_000]

    assert fetch().read_bytes() == CONTENT
    assert upstream.asked == [None, "bytes=30000-", "bytes=70000-"]


def test_a_later_pull_takes_up_what_an_earlier_one_left(
    upstream: Upstream, fetch: Any, tmp_path: Path, watcher: Any
) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "model.bin.part").write_bytes(CONTENT[:99_000])

    assert fetch().read_bytes() == CONTENT
    assert upstream.asked == ["bytes=99000-"]
    assert watcher.steps[0] == ("model.bin", 102_400)
    assert (watcher.reached_bytes[0], watcher.reached_bytes[-1]) == (99_000, 102_400)


def test_a_server_that_cannot_resume_sends_all_again(
    upstream: Upstream, fetch: Any, tmp_path: Path
) -> None:
    upstream.ignores_ranges = True
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "model.bin.part").write_bytes(b"something else")

    assert fetch().read_bytes() == CONTENT


@pytest.mark.parametrize("left", [b"x" * 50_000, b"x" * 102_400, b"x" * 200_000])
def test_a_wrong_beginning_is_thrown_away_and_begun_again(
    left: bytes, fetch: Any, tmp_path: Path
) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "model.bin.part").write_bytes(left)

    assert fetch().read_bytes() == CONTENT


def test_without_a_size_in_the_catalogue_the_servers_counts(upstream: Upstream, fetch: Any) -> None:
    upstream.breaks_after = [30_000]

    path = fetch(Archive(file="model.bin", sha256=WANTED.sha256, size_bytes=None))

    assert path.read_bytes() == CONTENT
    assert upstream.asked == [None, "bytes=30000-"]


def test_a_model_comes_file_by_file_from_those_who_made_it(
    address: str, home: Path, tiny: Any
) -> None:
    file = ModelFile(path="am/model.bin", size_bytes=len(CONTENT), sha256=WANTED.sha256)
    source = UpstreamFiles(edition="first", url=address + "?{path}")
    model = replace(tiny.model(source), editions=(Edition(name="first", files=(file,)),))

    path = install(model, home=home)

    assert (path / "am" / "model.bin").read_bytes() == CONTENT
    assert standing_of(model, home=home).source.startswith("127.0.0.1:")


def test_a_model_comes_as_a_zip_from_those_who_made_it(
    upstream: Upstream, address: str, home: Path, tiny: Any
) -> None:
    upstream.content = tiny.zipped({"tiny-big/am/final.mdl": CONTENT, "tiny-big/README": b"read"})
    upstream.breaks_after = [100]
    archive = Archive(file="t.zip", sha256=tiny.digest(upstream.content), size_bytes=None)
    source = UpstreamZip(url=address, archive=archive, folder="tiny-big")
    model = replace(tiny.model(source), editions=(), needs=("am/final.mdl",))

    path = install(model, home=home)

    assert (path / "am" / "final.mdl").read_bytes() == CONTENT
    assert [file.path for file in files_of(path)] == ["README", "am/final.mdl"]
    assert not (home / "cache" / "models" / "tiny").exists()
