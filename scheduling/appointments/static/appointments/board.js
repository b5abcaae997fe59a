/**
 * A screen in the waiting room. The socket only says that something changed; what stands there is
 * fetched, at the latest every 30 s. Without a line it says since when it is old.
 */
import { listen } from "../web/bell.js";

const LOOK = 30000; // ms
const STALE = 45000; // ms without an answer: the line is lost
const ENDED = 4410;
const NOTHING = 4401;

const board = /** @type {HTMLElement} */ (document.querySelector("[data-board]"));
const sound = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-sound]"));
let answered = Date.now();
let looking = false;
let again = false;

/* ---- what stands there ---- */

async function look() {
  if (looking) {
    again = true;
    return;
  }
  looking = true;
  try {
    const answer = await fetch(location.pathname, { cache: "no-store", signal: timeout(10000) });
    if (answer.status === 410 || answer.status === 404) return location.reload();
    if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // the line: told below, and tried again
  } finally {
    looking = false;
    tell();
    if (again) {
      again = false;
      look();
    }
  }
}

/** @param {number} ms */
function timeout(ms) {
  const ending = new AbortController();
  setTimeout(() => ending.abort(), ms);
  return ending.signal;
}

/** @param {Document} page */
function take(page) {
  const fresh = page.querySelector("[data-rooms]");
  const old = document.querySelector("[data-rooms]");
  if (!(fresh instanceof HTMLElement) || !old) return;
  answered = Date.now();
  const at = fresh.dataset.at || "";
  for (const place of document.querySelectorAll("[data-as-of], [data-lost-at]")) place.textContent = at;
  if (fresh.innerHTML !== old.innerHTML) old.replaceWith(fresh);
  announce();
}

function tell() {
  const lost = Date.now() - answered > STALE || !navigator.onLine;
  document.querySelector("[data-lost]")?.toggleAttribute("hidden", !lost);
}

/* ---- what is called ---- */

/** @type {Set<string>} */
let known = new Set();
let first = true;

function announce() {
  const calls = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-call]")]);
  const fresh = calls.filter((call) => !known.has(call.dataset.call || ""));
  known = new Set(calls.map((call) => call.dataset.call || ""));
  if (!first && fresh.length) {
    chime();
    for (const call of fresh) say(call);
  }
  first = false;
}

/** @type {AudioContext | null} */
let audio = null;

function loud() {
  return sound?.getAttribute("aria-pressed") === "true";
}

function chime() {
  if (!loud() || !audio) return;
  [880, 660].forEach((pitch, nth) => {
    const start = audio.currentTime + nth * 0.35;
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0.4, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.6);
  });
}

/** @param {HTMLElement} call */
function say(call) {
  if (!loud() || !("speechSynthesis" in window)) return;
  for (const [lang, text] of [["zh-CN", call.dataset.sayZh], ["en-GB", call.dataset.sayEn]]) {
    if (!text) continue;
    const speech = new SpeechSynthesisUtterance(text);
    speech.lang = lang;
    speech.rate = 0.9;
    speechSynthesis.speak(speech);
  }
}

// A browser plays nothing before somebody has touched the page; the button is that touch.
if (sound) {
  sound.hidden = false;
  sound.addEventListener("click", () => {
    const on = !loud();
    sound.setAttribute("aria-pressed", String(on));
    if (!on) return window.speechSynthesis?.cancel();
    audio ||= new AudioContext();
    audio.resume();
    chime();
  });
}

/* ---- the bell ---- */

function connect() {
  const bell = document.documentElement.dataset;
  listen(`/ws/booking/board/${board.dataset.board}/`, {
    frame: look,
    opened: () => (bell.bell = "open"),
    closed: (code) => {
      bell.bell = "closed";
      const over = code === ENDED || code === NOTHING;
      if (over) location.reload();
      return !over;
    },
  });
}

if (document.querySelector("[data-rooms]")) {
  announce();
  connect();
  setInterval(look, LOOK);
  setInterval(tell, 1000);
  addEventListener("offline", tell);
  addEventListener("online", look);
}

