// What the page says, in both languages.

const WORDS = {
  en: {
    title: "Telephone to try Rufwerk",
    notice:
      "For trying only. Whoever uses this page may claim any number, so it is switched off unless "
      + "an operator wants it. What you say is worked on by this installation and nobody else.",
    page_language: "Language of this page",
    you_are: "You call from",
    withheld: "Number withheld",
    demo_customers: "Demo customers",
    another: "Another number",
    number: "Number, such as +49 89 123456",
    you_speak: "The gateway says you speak",
    not_told: "nothing about it",
    german: "German",
    english: "English",
    token: "Token of this telephone",
    token_why: "Needed where the page is opened from another machine.",
    call: "Call",
    hang_up: "Hang up",
    your_level: "You",
    machine_level: "Machine",
    keypad: "Keypad",
    found: "What the machine found",
    nothing_yet: "Nothing yet: call, and say what you want.",
    moments: "Every moment",
    at: "After (ms)",
    what: "What",
    told: "Details",
    idle: "Ready.",
    dialling: "Asking for the microphone and calling …",
    talking: "Connected. Speak after the question, or use the keypad.",
    ended_queue: "The call goes to the queue {queue} with priority {priority} of 100.",
    ended_transfer: "The call is transferred.",
    ended_hangup: "The machine has hung up.",
    over: "The call is over.",
    refused: "The call was refused: {sentence} [{code}]",
    no_microphone:
      "No microphone: the browser has none, or may not use it. Allow it beside the address.",
    no_sound: "The browser cannot play sound. Is there a loudspeaker or a headset?",
    insecure:
      "Browsers lend the microphone only to https pages and to http://localhost. Open the page so.",
    you_said: "You said",
    you_typed: "You typed",
    said_nothing: "nothing that was understood",
    voice: "Voice",
    accepted: "accepted",
    rejected: "rejected",
    inconclusive: "proves nothing yet",
    request: "Request",
    no_request: "not understood",
    then: "Then",
    say: "says",
    ask: "asks",
    queue: "puts into a queue",
    transfer: "transfers",
    hangup: "hangs up",
    why: "Why",
    time: "Time",
    time_told: "{wait} ms until the turn was over, {think} ms to the answer",
    barge_in: "You interrupted the machine.",
    no_input: "You said nothing for a while.",
    echo: "The machine heard itself and went on.",
  },
  de: {
    title: "Telefon zum Ausprobieren von Rufwerk",
    notice:
      "Nur zum Ausprobieren. Wer diese Seite benutzt, kann jede Nummer vorgeben; darum ist sie "
      + "abgeschaltet, bis ein Betreiber sie will. Was Sie sagen, verarbeitet nur diese Installation.",
    page_language: "Sprache dieser Seite",
    you_are: "Sie rufen an von",
    withheld: "Nummer unterdrückt",
    demo_customers: "Kunden der Vorführung",
    another: "Andere Nummer",
    number: "Nummer, zum Beispiel +49 89 123456",
    you_speak: "Die Telefonanlage sagt, Sie sprechen",
    not_told: "nichts dazu",
    german: "Deutsch",
    english: "Englisch",
    token: "Token dieses Telefons",
    token_why: "Nötig, wenn die Seite auf einem anderen Rechner geöffnet ist.",
    call: "Anrufen",
    hang_up: "Auflegen",
    your_level: "Sie",
    machine_level: "Maschine",
    keypad: "Tasten",
    found: "Was die Maschine erkannt hat",
    nothing_yet: "Noch nichts: Rufen Sie an, und sagen Sie Ihr Anliegen.",
    moments: "Jeder Augenblick",
    at: "Nach (ms)",
    what: "Was",
    told: "Einzelheiten",
    idle: "Bereit.",
    dialling: "Mikrofon wird erbeten, Anruf wird aufgebaut …",
    talking: "Verbunden. Sprechen Sie nach der Frage, oder benutzen Sie die Tasten.",
    ended_queue: "Der Anruf geht in die Warteschlange {queue}, Priorität {priority} von 100.",
    ended_transfer: "Der Anruf wird weitergeleitet.",
    ended_hangup: "Die Maschine hat aufgelegt.",
    over: "Der Anruf ist beendet.",
    refused: "Der Anruf wurde abgelehnt: {sentence} [{code}]",
    no_microphone:
      "Kein Mikrofon: Es fehlt, oder der Browser darf es nicht benutzen. Erlauben Sie es neben der "
      + "Adresse.",
    no_sound: "Der Browser kann keinen Ton abspielen. Gibt es einen Lautsprecher oder Kopfhörer?",
    insecure:
      "Browser geben das Mikrofon nur Seiten mit https und http://localhost. Öffnen Sie die Seite so.",
    you_said: "Sie sagten",
    you_typed: "Sie tippten",
    said_nothing: "nichts, was verstanden wurde",
    voice: "Stimme",
    accepted: "anerkannt",
    rejected: "abgelehnt",
    inconclusive: "beweist noch nichts",
    request: "Anliegen",
    no_request: "nicht verstanden",
    then: "Dann",
    say: "sagt",
    ask: "fragt",
    queue: "stellt in eine Warteschlange",
    transfer: "leitet weiter",
    hangup: "legt auf",
    why: "Warum",
    time: "Zeit",
    time_told: "{wait} ms bis zum Ende des Satzes, {think} ms bis zur Antwort",
    barge_in: "Sie haben die Maschine unterbrochen.",
    no_input: "Sie haben eine Weile nichts gesagt.",
    echo: "Die Maschine hörte sich selbst und sprach weiter.",
  },
};

let chosen = navigator.language.startsWith("de") ? "de" : "en";

export function language() {
  return chosen;
}

export function say(key, values = {}) {
  const text = WORDS[chosen][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "–");
}

// Everything with data-say, and what is only read aloud.
export function speak(lang) {
  chosen = lang;
  document.documentElement.lang = lang;
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute(element.localName === "optgroup" ? "label" : "aria-label",
      say(element.dataset.label));
  }
}
