// The clocks of a green channel, and its taps: each is written on this device with its moment, sent
// until the server has it, and shown as kept meanwhile. Nothing of it names the patient.
import { serverNow } from "../web/clock.js";

const SOON = 0.8; // of a limit, as the server has it
const AGAIN = 3000; // ms between two tries
const PATIENCE = 15_000; // ms that a try may take
const live = document.querySelector("[data-live]");
const place = `telemed-green-${live?.dataset.user ?? ""}`;

/* ---- clocks ---- */

/** 0:42, 1:05:09. @param {number} ms */
function figures(ms) {
  const seconds = Math.max(Math.floor(ms / 1000), 0);
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** @param {Element} element @param {string} text */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  const now = serverNow();
  for (const clock of document.querySelectorAll("[data-elapsed]")) {
    const until = clock.dataset.stop ? Date.parse(clock.dataset.stop) : now;
    say(clock, figures(until - Date.parse(clock.dataset.elapsed)));
  }
  for (const clock of document.querySelectorAll(".gr__c[data-due]")) {
    const words = clock.closest("[data-over]")?.dataset;
    const due = Date.parse(clock.dataset.due);
    const since = Date.parse(clock.dataset.since);
    const level = now >= due ? "late" : now - since >= SOON * (due - since) ? "soon" : "calm";
    clock.className = `gr__c gr__c--${level}`;
    const text = { late: words?.over, soon: words?.soon, calm: words?.left }[level] ?? "{}";
    say(clock.querySelector("[data-said]"), text.replace("{}", figures(Math.abs(due - now))));
  }
}
tick();
setInterval(tick, 1000);

/* ---- taps ---- */

/** @returns {{address: string, station: string, at: string, key: string}[]} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(place) || "[]");
  } catch {
    return [];
  }
}

function keep(taps) {
  try {
    localStorage.setItem(place, JSON.stringify(taps));
    return true;
  } catch {
    return false; // a browser that keeps nothing: the form goes as without script
  }
}

const drop = (key) => keep(kept().filter((tap) => tap.key !== key));

/** Rows whose tap is still here say so; after each look at the server as well. */
function show() {
  const taps = kept().filter((tap) => tap.address.startsWith(location.pathname));
  for (const row of live.querySelectorAll("[data-station]")) {
    const tap = taps.find((one) => one.station === row.dataset.station);
    const form = row.querySelector("form[data-stamp]");
    const note = row.querySelector("[data-kept]");
    if (!form || !note) continue;
    if (form.hidden === !!tap) continue;
    const held = form.contains(document.activeElement);
    form.hidden = !!tap;
    note.hidden = !tap;
    if (tap) {
      const time = new Date(tap.at).toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
      note.querySelector("[data-kept-at]").textContent = time;
    }
    if (held) {
      note.tabIndex = -1;
      note.focus();
    }
  }
}

/** @param {string} name @param {boolean} on @param {string} [text] */
function banner(name, on, text) {
  const found = document.querySelector(`[data-stamp-${name}]`);
  if (!found) return;
  found.hidden = !on;
  if (text) found.querySelector("b").textContent = text;
}

/** One try. "gone": the server has it or will never take it; "wait": no line; "out": signed out. */
async function send(tap) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(tap.address, {
      method: "POST",
      body: new URLSearchParams({ station: tap.station, at: tap.at, key: tap.key, csrfmiddlewaretoken: token }),
      headers: { Accept: "application/json" },
      signal: stop.signal,
    });
    if (answer.redirected || answer.status === 401) return "out";
    if (answer.status >= 500 || answer.status === 429) return "wait";
    const said = await answer.json();
    if (!answer.ok) banner("refused", true, said.text);
    return "gone";
  } catch {
    return "wait";
  } finally {
    clearTimeout(timer);
  }
}

let sending = false;
let timer = 0;

async function sendAll() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  let ended = "gone";
  try {
    for (const tap of kept()) {
      ended = await send(tap);
      if (ended !== "gone") break;
      drop(tap.key);
      document.dispatchEvent(new CustomEvent("look")); // what the server has now
    }
  } finally {
    sending = false;
  }
  banner("kept", ended === "wait");
  banner("out", ended === "out");
  if (ended === "wait") timer = window.setTimeout(sendAll, AGAIN);
  else if (ended === "gone" && kept().length) sendAll();
}

live?.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-stamp]")) return;
  const tap = {
    address: new URL(form.action).pathname,
    station: form.elements.station.value,
    at: new Date(serverNow()).toISOString(),
    key: crypto.randomUUID(),
  };
  if (kept().some((one) => one.address === tap.address && one.station === tap.station)) return event.preventDefault();
  if (!keep([...kept(), tap])) return;
  event.preventDefault();
  banner("refused", false);
  show();
  sendAll();
});

if (live?.dataset.user) {
  new MutationObserver(() => {
    show();
    tick();
  }).observe(live, { childList: true });
  addEventListener("online", sendAll);
  show();
  if (kept().length) sendAll();
}
