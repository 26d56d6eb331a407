// Keeps what goes on now up to date; without it the page shows how it was when it was opened.

const AGAIN_MS = 3000;

function follow(place) {
  const source = new EventSource(place.dataset.live);
  source.addEventListener("part", (event) => {
    // Whoever reads a table there with the keyboard is not torn away from it.
    if (!place.contains(document.activeElement)) place.innerHTML = event.data;
  });
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => follow(place), AGAIN_MS);
  });
  window.addEventListener("pagehide", () => source.close(), { once: true });
}

document.querySelectorAll("[data-live]").forEach(follow);

// A prompt is heard on the page; without this it opens by itself.
document.querySelectorAll("[data-hear]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const audio = form.querySelector("audio");
    audio.hidden = false;
    audio.src = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    audio.play();
  });
});

// A line that is named is gone to.
document.querySelectorAll("[data-line]").forEach((link) => {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const area = document.querySelector(link.hash);
    const before = area.value.split("\n").slice(0, link.dataset.line - 1);
    const start = before.join("\n").length + (before.length ? 1 : 0);
    const end = area.value.indexOf("\n", start);
    area.focus();
    area.setSelectionRange(start, end < 0 ? area.value.length : end);
    area.scrollTop = Math.max(0, before.length - 4) * parseFloat(getComputedStyle(area).lineHeight);
  });
});
