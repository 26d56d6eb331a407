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
