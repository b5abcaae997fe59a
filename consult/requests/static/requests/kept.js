// Emergencies that wait on this device: shown on every page of who asks, and sent by themselves.
import { emergencies, send } from "./device.js";

const place = /** @type {HTMLElement} */ (document.querySelector("[data-kept]"));
const say = place.dataset;
const list = /** @type {HTMLElement} */ (place.querySelector("[data-kept-list]"));
const line = /** @type {HTMLTemplateElement} */ (place.querySelector("template"));
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-emergency]"));
const fromDevice = Boolean(form?.hasAttribute("data-kit"));
const TOO_OLD = 6 * 3600_000; // ms after which a person decides, not the line
const PAUSES = [2_000, 4_000, 8_000, 15_000]; // ms between tries
let tries = 0;
let timer = 0;

navigator.serviceWorker
  ?.register(String(say.worker), { scope: "/" })
  .then(() => navigator.serviceWorker.ready)
  .then((registered) => fromDevice || registered.active?.postMessage("refresh"))
  .catch(() => {}); // without one, the pages that stand open keep and send all the same

/** Tell each of them apart by its key; `states` say what became of it. @param {Map<string, string>} states */
async function show(states) {
  const all = await emergencies.waiting();
  place.hidden = !all.length && !fromDevice;
  if (fromDevice && !all.length) said(String(say.unlined));
  list.hidden = !all.length;
  list.replaceChildren(...all.map((one) => drawn(one, states.get(one.fields.key) ?? say.none ?? "")));
  return all.length;
}

/** @param {string} text */
function said(text) {
  const head = /** @type {HTMLElement} */ (place.querySelector("[data-kept-said]"));
  if (head.textContent !== text) head.textContent = text;
}

/** @param {any} one @param {string} state */
function drawn(one, state) {
  const row = /** @type {HTMLElement} */ (line.content.cloneNode(true)).querySelector("li");
  const part = (name) => /** @type {HTMLElement} */ (row.querySelector(`[data-${name}]`));
  const mine = one.user === say.user;
  part("what").textContent = one.what;
  part("when").textContent = new Date(one.at).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(5, 16);
  part("state").textContent = mine ? state : String(say.other).replace("{name}", one.name);
  const phone = /** @type {HTMLAnchorElement} */ (part("phone"));
  if (one.phone) {
    phone.hidden = false;
    phone.href = `tel:${one.phone}`;
    const text = /** @type {HTMLElement} */ (phone.querySelector("span"));
    text.textContent = String(text.dataset.words).replace("{phone}", one.phone);
  }
  part("send-now").hidden = part("drop").hidden = !mine;
  part("send-now").onclick = () => round(one.fields.key);
  part("drop").onclick = async () => {
    const button = part("drop");
    if (button.textContent !== button.dataset.sure) return (button.textContent = button.dataset.sure ?? "");
    await emergencies.drop(one.fields.key);
    show(new Map());
  };
  return row;
}

/** Try everything that is mine and fresh, or the one that a person chose. @param {string} [chosen] */
async function round(chosen) {
  clearTimeout(timer);
  const states = new Map();
  const all = await emergencies.waiting();
  if (fromDevice) await lookForTheLine(all);
  for (const one of fromDevice ? [] : all) {
    const key = one.fields.key;
    if (one.user !== say.user) continue;
    if (chosen ? chosen !== key : Date.now() - one.at > TOO_OLD) {
      if (!chosen) states.set(key, say.late);
      continue;
    }
    const answer = await send(String(say.sends), one.fields);
    if (answer?.url) await arrived(key, answer.url);
    else if (answer?.out) location.assign(`/accounts/login/?next=${encodeURIComponent(String(say.sends))}`);
    else if (answer) refused(one, answer.refused, states);
  }
  if (await show(states)) timer = setTimeout(round, pause());
  document.dispatchEvent(new Event("kept-tried"));
}

function pause() {
  const longest = PAUSES[Math.min(tries++, PAUSES.length - 1)];
  return longest * (0.7 + Math.random() * 0.6);
}

/** @param {string} key @param {string} url */
async function arrived(key, url) {
  await emergencies.drop(key);
  if ("here" in say) return location.assign(url);
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: say.sent } }));
}

/** The page of the form says what is wrong and holds what was written; elsewhere one goes there. */
function refused(one, why, states) {
  states.set(one.fields.key, String(say.refused).replace("{why}", why));
  if (!form || form.dataset.refused === one.fields.key) return;
  const again = document.createElement("form");
  again.method = "post";
  again.action = form.action;
  const token = form.elements.namedItem("csrfmiddlewaretoken");
  for (const [name, value] of Object.entries({ ...one.fields, csrfmiddlewaretoken: token.value }))
    again.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  document.body.append(again);
  again.submit();
}

/** This page came from the device. With the line, the real one takes over; never over what is typed. */
async function lookForTheLine(all) {
  const there = await fetch("/livez", { cache: "no-store" }).then((answer) => answer.ok, () => false);
  if (!there) return;
  if (all.some((one) => one.user === say.user)) location.replace(String(say.sends));
  else if (!form?.dataset.touched) location.reload();
}

if (fromDevice) {
  document.querySelector("[data-again]")?.addEventListener("click", () => location.reload());
  form?.addEventListener("input", () => (form.dataset.touched = "yes"));
  timer = setTimeout(round, pause());
}
document.addEventListener("kept", () => round());
window.addEventListener("online", () => round());
if (fromDevice) show(new Map());
else emergencies.waiting().then((all) => all.length && round());
