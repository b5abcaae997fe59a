// Confirming what is held where the line comes and goes: kept on the open page, sent once under its key.
import { serverNow } from "../web/clock.js";
import { send } from "../web/device.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-confirm]"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
const reason = /** @type {HTMLInputElement} */ (form.elements.namedItem("reason"));
const away = /** @type {HTMLElement} */ (document.querySelector("[data-away]"));
const said = /** @type {HTMLElement} */ (away.querySelector("[data-said]"));
const PAUSES = [1_000, 2_000, 4_000]; // ms between tries: a hold is short
let tries = 0;
let timer = 0;
let sending = false;

/** What is on its way may not change: its key stands for it. @param {boolean} on */
function busy(on) {
  reason.readOnly = on;
  button.disabled = on;
  button.setAttribute("aria-busy", String(on));
}

function say() {
  const text = String(isOver() ? away.dataset.over : away.dataset.waits);
  if (said.textContent !== text) said.textContent = text;
  away.hidden = false;
}

function isOver() {
  return serverNow() >= Date.parse(form.dataset.until ?? "");
}

async function round() {
  clearTimeout(timer);
  if (sending) return;
  sending = true;
  const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  delete fields.csrfmiddlewaretoken;
  const answer = await send(form.action, fields);
  sending = false;
  if (answer?.url) return location.replace(answer.url);
  if (answer?.out) return location.assign(`/accounts/login/?next=${encodeURIComponent(String(form.dataset.here))}`);
  if (answer) return location.replace(String(form.dataset.ended)); // it says how it stands, and what is free
  say();
  timer = setTimeout(round, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (button.disabled) return;
  busy(true);
  round();
});
window.addEventListener("online", () => button.disabled && round());
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // from Back: how it stands now
});
