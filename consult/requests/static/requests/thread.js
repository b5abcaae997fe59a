// The thread of a case where the line comes and goes: written on this device first, sent once under
// its key, shown as waiting meanwhile. What was typed and not sent stays on the device, too.
import { messages, send } from "./device.js";

const PAUSES = [2_000, 4_000, 8_000, 15_000]; // ms between tries
const TOO_OLD = 20 * 3600_000; // ms; the server knows a key for 24 hours, then it would be said twice
const DRAFT_PAUSE = 500; // ms without a key
let tries = 0;
let timer = 0;
let draftTimer = 0;
let turn = Promise.resolve();
/** @type {Map<string, string>} why the server refused, by key */
const refused = new Map();

/** The section is drawn anew when others write: it is looked up each time. */
const section = () => /** @type {HTMLElement | null} */ (document.getElementById("thread"));
const words = () => /** @type {DOMStringMap} */ (section()?.dataset ?? {});
const formOf = () => /** @type {HTMLFormElement | null} */ (section()?.querySelector("form[data-write]") ?? null);
const draftKey = () => `draft:${words().user}:${words().case}`;

/** @param {Record<string, string>} fields */
function record(fields) {
  const { user = "", name = "", case: about = "" } = words();
  return { user, name, about, address: String(formOf()?.action), at: Date.now(), fields };
}

/** @param {HTMLFormElement} form */
function written(form) {
  const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  delete fields.csrfmiddlewaretoken;
  return fields;
}

/** Fill the form anew; nothing of it is on its way. @param {string} text @param {boolean} [shared] */
function refill(text, shared = false) {
  const form = formOf();
  if (!form) return;
  form.reset();
  /** @type {any} */ (form.elements.namedItem("key")).value = crypto.randomUUID();
  /** @type {any} */ (form.elements.namedItem("text")).value = text;
  const box = /** @type {any} */ (form.elements.namedItem("for_coordinators"));
  if (box) box.checked = shared;
}

async function show() {
  const list = section()?.querySelector("[data-waiting]");
  if (!list) return;
  const here = (await messages.waiting()).filter((one) => one.about === words().case && !one.draft);
  list.replaceChildren(...here.map(drawn));
  /** @type {HTMLElement} */ (list).hidden = !here.length;
}

/** @param {any} one */
function drawn(one) {
  const template = /** @type {HTMLTemplateElement} */ (section()?.querySelector("template"));
  const row = /** @type {any} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).querySelector("li"));
  const part = (name) => row.querySelector(`[data-${name}]`);
  const mine = one.user === words().user;
  const why = refused.get(one.fields.key) ?? (isOld(one) ? words().late : "");
  part("state").textContent = mine ? why || words().none : String(words().other).replace("{name}", one.name);
  part("state").classList.toggle("ink-red", Boolean(mine && why));
  part("text").textContent = mine ? one.fields.text : "";
  part("back").hidden = part("drop").hidden = !mine || !why;
  part("back").onclick = async () => {
    await messages.drop(one.fields.key);
    refill(one.fields.text, Boolean(one.fields.for_coordinators));
    await show();
    /** @type {any} */ (formOf()?.elements.namedItem("text"))?.focus();
  };
  part("drop").onclick = async () => {
    const button = part("drop");
    if (button.textContent !== button.dataset.sure) return (button.textContent = button.dataset.sure);
    await messages.drop(one.fields.key);
    await show();
  };
  return row;
}

/** @param {{at: number}} one */
function isOld(one) {
  return Date.now() - one.at > TOO_OLD;
}

/** Send mine, of whatever case, in order; one window at a time. */
function round() {
  clearTimeout(timer);
  const act = () => (navigator.locks ? navigator.locks.request("telemed-thread", sendAll) : sendAll());
  turn = turn.then(act).catch(() => {});
  return turn;
}

async function sendAll() {
  let left = false;
  for (const one of await messages.waiting()) {
    const key = one.fields.key;
    if (one.draft || one.user !== words().user || isOld(one) || refused.has(key)) continue;
    const answer = await send(one.address, one.fields);
    if (answer?.url) await arrived(one);
    else if (answer?.out) refused.set(key, String(words().out));
    else if (answer) refused.set(key, String(words().refused).replace("{why}", answer.refused));
    else {
      left = true; // those behind it wait, too: what was said first is read first
      break;
    }
  }
  await show();
  if (left) timer = setTimeout(round, pause());
}

/** @param {any} one */
async function arrived(one) {
  await messages.drop(one.fields.key);
  tries = 0;
  document.dispatchEvent(new Event("look"));
}

function pause() {
  const longest = PAUSES[Math.min(tries++, PAUSES.length - 1)];
  return longest * (0.7 + Math.random() * 0.6);
}

document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-write]")) return;
  event.preventDefault();
  const fields = written(form);
  if (!fields.text.trim()) return;
  clearTimeout(draftTimer);
  refill(""); // at once: what is typed from now on is another message
  try {
    await messages.keep(record(fields));
    await messages.drop(draftKey());
  } catch {
    refill(fields.text, Boolean(fields.for_coordinators));
    return formOf()?.submit(); // a browser that keeps nothing sends as before
  }
  await show();
  await round();
});

document.addEventListener("input", (event) => {
  const form = /** @type {HTMLElement} */ (event.target).closest("form[data-write]");
  if (!form) return;
  clearTimeout(draftTimer);
  draftTimer = setTimeout(keepDraft, DRAFT_PAUSE);
});

async function keepDraft() {
  const form = formOf();
  if (!form) return;
  const fields = { ...written(form), key: draftKey() };
  const act = fields.text.trim() ? messages.keep({ ...record(fields), draft: true }) : messages.drop(draftKey());
  await act.catch(() => {}); // a browser that keeps nothing: the text is still on the page
}

/** What was typed here and not sent; never over what stands there. */
async function takeUpDraft() {
  const field = /** @type {any} */ (formOf()?.elements.namedItem("text"));
  const kept = (await messages.waiting()).find((one) => one.draft && one.fields.key === draftKey());
  if (kept && field && !field.value) refill(kept.fields.text, Boolean(kept.fields.for_coordinators));
}

window.addEventListener("online", round);
const live = document.querySelector("[data-live]");
if (live) new MutationObserver(() => show()).observe(live, { childList: true });
takeUpDraft();
show().then(round);
