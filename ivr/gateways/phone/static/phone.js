// The page: who calls, the one big button, and the keypad.

import { Call, NoSound } from "/phone/call.js";
import { Story } from "/phone/story.js";
import { language, say, speak } from "/phone/words.js";

const KEYS = "123456789*0#";

const $ = (id) => document.getElementById(id);

const story = new Story({ partial: $("partial"), turns: $("turns"), moments: $("moments") });
let call = null;
let status = ["idle", {}];

const on = {
  answered: () => show("talking"),
  happening: (moment) => story.tell(moment),
  ended: (ending) => show(`ended_${ending.action}`, ending),
  refused: (problem) => show("refused", problem),
  levels: ({ caller, machine }) => {
    $("caller-level").value = loudness(caller);
    $("machine-level").value = loudness(machine);
  },
  over: () => {
    call = null;
    if (["dialling", "talking"].includes(status[0])) {
      show("over");
    }
    on.levels({ caller: 0, machine: 0 });
    draw();
  },
};

async function begin() {
  if (!navigator.mediaDevices?.getUserMedia) {
    show("insecure");
    return;
  }
  story.forget();
  show("dialling");
  call = new Call(on);
  draw();
  try {
    await call.dial({ from: number(), language: $("speaks").value, token: $("token").value });
  } catch (problem) {
    show(problem instanceof NoSound ? "no_sound" : "no_microphone");
  }
}

function number() {
  const from = $("from").value;
  return from === "another" ? $("number").value : from;
}

function press(key) {
  call?.press(key);
}

function show(key, values = {}) {
  status = [key, values];
  $("status").textContent = say(key, values);
}

function draw() {
  const isOn = call !== null;
  $("call").textContent = say(isOn ? "hang_up" : "call");
  $("call").classList.toggle("on", isOn);
  $("number-row").hidden = $("from").value !== "another";
  for (const key of document.querySelectorAll("#keypad button")) {
    key.disabled = !isOn;
  }
}

function translate() {
  speak($("page-language").value);
  show(...status);
  draw();
}

// Peak to 0..1 over 60 dB, as ears hear it.
function loudness(peak) {
  return Math.max(0, 1 + Math.log10(Math.max(peak, 0.001)) / 3);
}

function addKeys() {
  for (const key of KEYS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key;
    button.addEventListener("click", () => press(key));
    $("keypad").append(button);
  }
}

addKeys();
$("page-language").value = language();
$("token-row").open = !["localhost", "127.0.0.1", "[::1]"].includes(window.location.hostname);
$("call").addEventListener("click", () => (call ? call.hangUp() : begin()));
$("from").addEventListener("change", draw);
$("page-language").addEventListener("change", translate);
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select");
  if (KEYS.includes(event.key) && !isTyping && !event.ctrlKey && !event.metaKey) {
    press(event.key);
  }
});
translate();
