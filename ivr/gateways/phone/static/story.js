// What the machine found, turn by turn, as its observer tells it.

import { say } from "/phone/words.js";

const MOST_MOMENTS = 500;

const NOTED = new Set(["barge_in", "no_input", "echo"]);

export class Story {
  constructor({ partial, turns, moments }) {
    this.partial = partial;
    this.turns = turns;
    this.moments = moments;
    this.forget();
  }

  forget() {
    this.turn = {};
    this.typed = false;
    this.latest = null;
    this.partial.textContent = "";
    this.turns.replaceChildren();
    this.moments.replaceChildren();
  }

  tell({ at_ms: at, kind, told }) {
    this.note(at, kind, told);
    switch (kind) {
      case "partial":
        this.partial.textContent = told.words;
        break;
      case "turn_ends":
        this.turn.wait = told.quiet_ms;
        this.turn.endedAt = at;
        break;
      case "key":
        this.typed = true;
        break;
      case "heard":
      case "verdict":
        this.turn[kind] = told;
        break;
      case "answer":
        this.answer(told);
        break;
      case "prompt_begins":
        this.answered(at);
        break;
      default:
        if (NOTED.has(kind)) {
          this.turns.append(item(say(kind)));
        }
    }
  }

  answer(answer) {
    const { heard = {}, verdict = {} } = this.turn;
    const said = heard.text ? `“${heard.text}”` : say("said_nothing");
    const facts = document.createElement("dl");
    fact(facts, say(this.typed ? "you_typed" : "you_said"), this.typed ? "…" : said);
    fact(facts, say("voice"), voice(verdict));
    fact(facts, say("request"), answer.intent || say("no_request"));
    fact(facts, say("then"), deed(answer));
    if (answer.reasons) {
      fact(facts, say("why"), answer.reasons);
    }
    const entry = item("");
    entry.append(facts);
    this.turns.append(entry);
    entry.scrollIntoView({ block: "nearest" });
    this.latest = { facts, ...this.turn };
    this.turn = {};
    this.typed = false;
    this.partial.textContent = "";
  }

  // How long the caller waited is known when the machine speaks.
  answered(at) {
    const { facts, wait, endedAt } = this.latest ?? {};
    if (endedAt !== undefined) {
      const times = { wait, think: at - endedAt };
      fact(facts, say("time"), say("time_told", times));
    }
    this.latest = null;
  }

  note(at, kind, told) {
    const row = document.createElement("tr");
    const details = Object.entries(told).map(([name, value]) => `${name}: ${value}`);
    for (const text of [at, kind, details.join(", ")]) {
      row.insertCell().textContent = text;
    }
    this.moments.append(row);
    if (this.moments.childElementCount > MOST_MOMENTS) {
      this.moments.firstElementChild.remove();
    }
  }
}

function voice({ decision, llr }) {
  if (!decision) {
    return "–";
  }
  return llr ? `${say(decision)} (llr ${llr.toFixed(1)})` : say(decision);
}

function deed({ action, prompt, queue, priority }) {
  const where = queue ? ` ${queue} (${priority})` : "";
  return `${say(action)}${where}: ${prompt}`;
}

function item(text) {
  const entry = document.createElement("li");
  entry.textContent = text;
  return entry;
}

function fact(list, name, value) {
  const group = document.createElement("div");
  const term = document.createElement("dt");
  const details = document.createElement("dd");
  term.textContent = name;
  details.textContent = value;
  group.append(term, details);
  list.append(group);
}
