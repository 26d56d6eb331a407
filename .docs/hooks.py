"""What mkdocs does not do by itself: the README as the first page, and files of the repository."""

import re
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    readme = (ROOT / "README.md").read_text("utf-8")
    files.append(File.generated(config, "index.md", content=readme.replace("](docs/", "](")))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links to files that are no documents become their names; the README is the first page."""
    del config
    folder = PurePosixPath("docs", page.file.src_uri).parent
    is_readme = page.file.src_uri == "index.md"

    def followed(link: re.Match[str]) -> str:
        text, target, anchor = link[1], link[2], link[3] or ""
        path = _within(folder, target)
        if path == "README.md" or (is_readme and target == "README.md"):
            return f"[{text}]({'../' * (len(folder.parts) - 1)}index.md{anchor})"
        if is_readme and files.get_file_from_path(target):
            return link[0]
        if path.startswith("docs/") and files.get_file_from_path(path.removeprefix("docs/")):
            return link[0]
        outside = target if is_readme else path
        if not (ROOT / outside).exists():
            return link[0]  # mkdocs says that it leads nowhere
        return f"{text} (`{outside}`)" if text != outside else f"`{outside}`"

    return _LINK.sub(followed, markdown)


def _within(folder: PurePosixPath, target: str) -> str:
    """The path from the repository's root."""
    parts: list[str] = []
    for part in (folder / target).parts:
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return "/".join(parts)
