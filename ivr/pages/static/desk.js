// Makes the desk live: the list of those who wait, the call that comes up, keys.
// Without it every button still works as a form.

const POLL_MS = 2000;
const TRIES_BEFORE_POLLING = 3;
const POLLS_BEFORE_LISTENING = 30;
const MOVED_EVERY_MS = 60000;

const list = document.getElementById("queue");
const news = document.getElementById("news");
const offline = document.getElementById("offline");
const popped = document.getElementById("popped");
let known = idsOf(list);
let waiting = null;
let readAt = performance.now();

document.documentElement.classList.add("scripted");

// who waits

function idsOf(element) {
  const links = element.querySelectorAll(".mine a");
  return new Set([...links].map((link) => link.getAttribute("href").split("/").pop()));
}

function show(told) {
  const focused = document.activeElement?.id;
  list.innerHTML = told.html;
  readAt = performance.now();
  markCurrent();
  if (focused && focused.startsWith("take-")) document.getElementById(focused)?.focus();
  if (waiting !== null && waiting !== told.waiting) {
    news.textContent = news.dataset.waiting.replace("#", told.waiting);
  }
  waiting = told.waiting;
  const fresh = told.mine.filter((id) => !known.has(id));
  known = new Set(told.mine);
  if (fresh.length > 0) pop(fresh[fresh.length - 1]);
}

function markCurrent() {
  for (const link of list.querySelectorAll(".mine a")) {
    const item = link.closest("li");
    item.removeAttribute("aria-current");
    if (link.getAttribute("href") === location.pathname) item.setAttribute("aria-current", "true");
  }
}

// A call comes up by itself, unless somebody is in the middle of another one.
function pop(id) {
  const path = `/desk/calls/${id}`;
  if (location.pathname === path) return;
  if (!location.pathname.startsWith("/desk/calls/") && !document.querySelector("dialog[open]")) {
    location.assign(path);
    return;
  }
  popped.hidden = false;
  popped.querySelector("a").href = path;
  news.textContent = news.dataset.popped;
}

function tick() {
  const passed = Math.floor((performance.now() - readAt) / 1000);
  for (const time of list.querySelectorAll("time[data-seconds]")) {
    const seconds = Number(time.dataset.seconds) + passed;
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

function listen() {
  let failures = 0;
  const source = new EventSource("/desk/events");
  source.addEventListener("queue", (event) => {
    failures = 0;
    offline.hidden = true;
    show(JSON.parse(event.data));
  });
  source.addEventListener("error", () => {
    failures += source.readyState === EventSource.CLOSED ? TRIES_BEFORE_POLLING : 1;
    if (failures < TRIES_BEFORE_POLLING) return;
    source.close();
    poll(POLLS_BEFORE_LISTENING);
  });
  addEventListener("pagehide", () => source.close());
}

async function poll(left) {
  const found = await asked();
  if (found !== null) show(found);
  if (left === 0) listen();
  else setTimeout(poll, POLL_MS, left - 1);
}

async function asked() {
  try {
    const answer = await fetch("/desk/queue");
    if (answer.status === 401) signedOut();
    else tellOffline(answer.ok);
    return answer.ok ? await answer.json() : null;
  } catch {
    tellOffline(false);
    return null;
  }
}

function tellOffline(isReached) {
  offline.textContent = offline.dataset.offline;
  offline.hidden = isReached;
}

// What somebody has written is not taken away from them.
function signedOut() {
  const isWriting = [...document.querySelectorAll("textarea")].some((one) => one.value !== "");
  if (!isWriting) location.assign("/sign-in?to=/desk");
  offline.textContent = offline.dataset.signedOut;
  offline.hidden = false;
}

// Whoever moves is there, though nothing is asked for.
let movedAt = performance.now();
function moved() {
  if (performance.now() - movedAt < MOVED_EVERY_MS) return;
  movedAt = performance.now();
  const token = document.querySelector("meta[name=form-token]").content;
  fetch("/desk/here", { method: "POST", headers: { "X-Form-Token": token } }).catch(() => {});
}
for (const kind of ["keydown", "pointerdown", "pointermove"]) addEventListener(kind, moved);

// keys

const keysOn = document.getElementById("keys-on");
keysOn.checked = localStorage.getItem("keys") !== "off";
keysOn.addEventListener("change", () => {
  localStorage.setItem("keys", keysOn.checked ? "on" : "off");
});

function isTyping(target) {
  return target.closest("input:not([type=radio], [type=checkbox]), select, textarea, dialog") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (isTyping(event.target) || (!keysOn.checked && event.key !== "?")) return;
  const meant = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (meant === null || meant.disabled) return;
  event.preventDefault();
  if (meant.matches("textarea")) meant.focus();
  else meant.click();
});

for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => document.getElementById(opener.dataset.opens).showModal());
}
for (const closer of document.querySelectorAll("[data-closes]")) {
  closer.addEventListener("click", () => document.getElementById(closer.dataset.closes).close());
}

// forms

for (const choice of document.querySelectorAll("[data-sends]")) {
  choice.addEventListener("change", () => choice.form.requestSubmit());
}

let isSending = false;
document.addEventListener("submit", (event) => {
  if (isSending) event.preventDefault();
  isSending = true;
});
addEventListener("pageshow", () => {
  isSending = false;
});

listen();
setInterval(tick, 1000);
