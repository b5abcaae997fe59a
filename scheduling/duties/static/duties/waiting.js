// Visits that wait on this device: shown on the pages of who wrote them, sent in order, each once.
// What the server refuses stays, beside the server's version, until a person has chosen.
import { amend, drop, inTurn, owner, signOn, written } from "../web/account.js";
import { send } from "../web/device.js";

const place = /** @type {HTMLElement} */ (document.querySelector("[data-visits]"));
const say = place.dataset;
const list = /** @type {HTMLElement} */ (place.querySelector("[data-visits-list]"));
const line = /** @type {HTMLTemplateElement} */ (place.querySelector("template"));
export const fromDevice = "kit" in say;
const PAUSES = [2_000, 4_000, 8_000, 15_000]; // ms between tries
const BADGES = { kept: "chip chip--d", sent: "chip chip--g", refused: "chip chip--r", warned: "chip chip--r" };
const DIFFERENT = ["conflict", "stale", "gone"]; // kinds that mean: look at both
/** @type {Map<string, {state: string, text: string}>} */
const badges = new Map();
let out = false;
let tries = 0;
let timer = 0;

/** @param {number} at */
function clock(at) {
  return new Date(at).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(5, 16);
}

/** Draw what waits. A card in which somebody types stays as it is. */
export async function show() {
  const { mine, others } = await written();
  badges.forEach((badge, duty) => badge.state !== "sent" && badges.delete(duty));
  for (const one of mine) badges.set(one.duty, badgeOf(one));
  place.hidden = !mine.length && !others.size;
  const head = /** @type {HTMLElement} */ (place.querySelector("[data-visits-said]"));
  const text = mine.length ? String(say.many).replace("{n}", String(mine.length)) : "";
  if (head.textContent !== text) head.textContent = text;
  /** @type {HTMLElement} */ (head.closest(".ban")).hidden = !mine.length;
  const strangers = [...others].map(([name, n]) => String(say.other).replace("{name}", name).replace("{n}", String(n)));
  /** @type {HTMLElement} */ (place.querySelector("[data-visits-others]")).textContent = strangers.join(" ");
  // Where badges or the form itself say it, only what needs a person is laid out.
  const brief = Boolean(document.querySelector("[data-badge], [data-serve]"));
  const rows = mine.filter((one) => one.refused || !brief);
  const shown = new Map([...list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.visit, row]));
  list.replaceChildren(
    ...rows.map((one) => {
      const before = shown.get(one.key);
      return before?.contains(document.activeElement) && one.refused ? before : drawn(one);
    }),
  );
  list.hidden = !rows.length;
  mark();
  return mine;
}

/** @param {any} one */
function badgeOf(one) {
  if (one.refused) return { state: "refused", text: String(say.badgeRefused).replace("{why}", one.refused.text) };
  return one.warns ? { state: "warned", text: String(say.badgeWarned) } : { state: "kept", text: String(say.badgeKept) };
}

/** The badges of the list, wherever it comes from. */
export function mark() {
  for (const span of document.querySelectorAll("[data-badge]")) {
    const badge = badges.get(/** @type {HTMLElement} */ (span).dataset.badge ?? "");
    /** @type {HTMLElement} */ (span).hidden = !badge;
    span.className = `${BADGES[badge?.state ?? "kept"]} chip--x`;
    span.textContent = badge?.text ?? "";
  }
}

/** @param {any} one */
function drawn(one) {
  const row = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (line.content.cloneNode(true)).querySelector("li"));
  const part = (name) => /** @type {any} */ (row.querySelector(`[data-${name}]`));
  row.dataset.visit = one.key;
  part("who").textContent = one.who;
  part("what").textContent = one.what;
  part("when").textContent = clock(one.at);
  part("state").textContent = one.refused ? one.refused.text : out ? say.out : one.warns ? say.warnedLong : say.none;
  part("state").classList.toggle("ink-red", Boolean(one.refused));
  const theirs = one.refused?.theirs;
  part("both").hidden = !theirs;
  if (theirs) compare(row, one, theirs);
  part("refused-acts").hidden = !one.refused || Boolean(theirs) || fromDevice;
  part("again").onclick = () => round(one.key);
  for (const button of row.querySelectorAll("[data-drop]")) twice(/** @type {HTMLElement} */ (button), one);
  return row;
}

/** Both versions, side by side. @param {HTMLElement} row @param {any} one @param {any} theirs */
function compare(row, one, theirs) {
  const { fields } = one;
  const mine = {
    state: say.here,
    who: say.name || "",
    when: clock(one.at),
    mode: fields.mode === "remote" ? say.remote : say.face,
    pressure: fields.systolic ? `${fields.systolic}/${fields.diastolic}` : "",
    glucose: fields.glucose ?? "",
    entries: one.said ?? "",
    signs: fields.signs,
    note: fields.note ?? "",
  };
  const stands = { ...theirs, state: [theirs.state, theirs.why].filter(Boolean).join(", "), when: theirs.when.slice(5) };
  for (const line of row.querySelectorAll("[data-of]")) {
    const name = /** @type {HTMLElement} */ (line).dataset.of ?? "";
    const words = (value) => (name === "signs" ? (value ? say.yes : "") : value) || "–";
    const [first, second] = [words(stands[name]), words(mine[name])];
    line.querySelector("[data-theirs]").textContent = first;
    line.querySelector("[data-mine]").textContent = second;
    /** @type {HTMLElement} */ (line).hidden = first === "–" && second === "–";
  }
  const form = /** @type {HTMLFormElement} */ (row.querySelector("form"));
  form.hidden = fromDevice || theirs.open;
  const field = form.querySelector("input");
  const label = form.querySelector("label");
  field.id = `because-${one.key}`;
  label.htmlFor = field.id;
  form.onsubmit = (event) => {
    event.preventDefault();
    add(one, field.value, form);
  };
  /** @type {HTMLElement} */ (row.querySelector("[data-again-here]")).hidden = !theirs.open || fromDevice;
  /** @type {HTMLElement} */ (row.querySelector("[data-again-here]")).onclick = () => round(one.key);
}

/** What can't be undone is asked twice. @param {HTMLElement} button @param {any} one */
function twice(button, one) {
  button.onclick = async () => {
    if (button.textContent !== button.dataset.sure) return (button.textContent = button.dataset.sure ?? "");
    await inTurn(() => drop(one));
    badges.delete(one.duty);
    await show();
    place.querySelector("button")?.focus();
  };
}

/** Mine as a further visit, with the reason. @param {any} one @param {string} because @param {HTMLFormElement} form */
async function add(one, because, form) {
  const wrong = /** @type {HTMLElement} */ (form.querySelector("[data-wrong]"));
  const answer = await inTurn(() => send(one.adds, { ...one.fields, ...waited(one), because }));
  const text = answer === null ? say.unlined : answer.out ? say.out : answer.refused;
  wrong.hidden = Boolean(answer?.url);
  if (!answer?.url) return (wrong.querySelector("span").textContent = text ?? "");
  await arrived(one);
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: say.added } }));
  await show();
}

/** @param {any} one */
function waited(one) {
  return { waited: String(Math.max(0, Math.round((Date.now() - one.at) / 1000))) };
}

/** @param {any} one */
async function arrived(one) {
  await drop(one);
  badges.set(one.duty, { state: "sent", text: say.badgeSent ?? "" });
}

/**
 * Send what waits, in order; what was refused only when a person says so. Answers what became of each.
 * @param {string} [chosen] @param {string} [here] of the form that stands open
 */
export async function round(chosen, here) {
  clearTimeout(timer);
  const answers = new Map();
  if (!fromDevice)
    await inTurn(async () => {
      for (const one of (await written()).mine) {
        if (one.refused && one.key !== chosen) continue;
        const more = one.key === here ? {} : { later: "1" };
        const answer = await send(one.sends, { ...one.fields, ...waited(one), ...more });
        answers.set(one.key, answer);
        out = Boolean(answer?.out);
        if (!answer || out) break;
        if (answer.url) await arrived(one);
        else await refuse(one, answer);
      }
    });
  const left = await show();
  if (left.some((one) => !one.refused) && !out) timer = setTimeout(() => (fromDevice ? lookForTheLine() : round()), pause());
  return answers;
}

/** Kept with the reason and, where the two differ, with the server's version. */
async function refuse(one, { refused: text, kind, path }) {
  let theirs = null;
  if (DIFFERENT.includes(kind)) {
    const answer = await fetch(one.stands, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok && !answer.redirected) theirs = await answer.json();
  }
  await amend({ ...one, refused: { text, kind, path, theirs } });
}

function pause() {
  const longest = PAUSES[Math.min(tries++, PAUSES.length - 1)];
  return longest * (0.7 + Math.random() * 0.6);
}

/** This page came from the device. With the line, the real one takes over; never over what is typed. */
export async function lookForTheLine() {
  clearTimeout(timer);
  const there = await fetch("/livez", { cache: "no-store" }).then((answer) => answer.ok, () => false);
  if (there && !document.querySelector("form[data-touched]")) return location.reload();
  timer = setTimeout(lookForTheLine, pause());
}

async function begin() {
  const who = { user: String(say.user), name: String(say.name), seal: String(say.seal) };
  if (fromDevice) {
    place.dataset.name = (await owner())?.name ?? "";
    await show();
    if (location.pathname !== say.kitPage) timer = setTimeout(lookForTheLine, pause()); // else it stands in for none
    return;
  }
  navigator.serviceWorker
    ?.register(String(say.worker), { scope: "/" })
    .then(() => navigator.serviceWorker.ready)
    .then((registered) => registered.active?.postMessage("refresh"))
    .catch(() => {}); // without one, the pages that stand open keep and send all the same
  const { rows } = await written();
  if (rows.some((row) => row.user === say.user) && (await signOn(who))) await round();
  else await show();
}

window.addEventListener("online", () => (fromDevice ? lookForTheLine() : round()));
export const ready = begin().catch(() => {});
