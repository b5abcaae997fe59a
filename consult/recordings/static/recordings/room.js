/** In a room: who is asked, what is recorded, and how long; the recorder's own page records. */
import { Recorder } from "./recorder.js";

const data = JSON.parse(document.getElementById("room-data")?.textContent || "{}");
/** @param {string} name @returns {any} */
const part = (name) => document.querySelector(`[data-rec="${name}"]`);
const banner = part("banner");
const say = banner.dataset;
/** @type {any} */
let state = { status: "" };
/** @type {any} */
let room;
/** @type {Recorder | undefined} */
let recorder;
let begun = 0; // when the time shown was nought
let told = ""; // what was said last and stands until something else happens

document.addEventListener("room-entered", (event) => {
  room = /** @type {CustomEvent} */ (event).detail;
});
document.addEventListener("room-frame", (event) => {
  const frame = /** @type {CustomEvent} */ (event).detail;
  if (frame.is === "hello" || frame.is.startsWith("recording.") || frame.is.startsWith("room.")) look(frame);
  else if (frame.is.startsWith("participant.")) look(frame);
});
document.addEventListener("room-over", () => finish());
document.addEventListener("room-leaving", (event) => {
  if (recorder) /** @type {CustomEvent} */ (event).detail.push(stopThenFinish());
});

let turn = 0;
let soon = 0;
function look() {
  clearTimeout(soon);
  soon = setTimeout(async () => {
    const mine = ++turn;
    const answer = await fetch(say.state, { headers: { Accept: "application/json" } }).catch(() => null);
    if (mine !== turn || !answer) return;
    if (!answer.ok) return finish();
    show(await answer.json());
  }, 50);
}

/** @param {any} now */
function show(now) {
  const before = state;
  state = now;
  follow();
  const live = ["asked", "on", "paused"].includes(now.status);
  if (before.id === now.id && before.status !== now.status && !live) told = ends(now);
  else if (live) told = "";
  const chip = part("chip");
  chip.classList.toggle("chip--r", now.status === "on");
  chip.classList.toggle("chip--a", now.status === "paused" || now.status === "asked");
  chip.querySelector("[data-off]").hidden = now.status === "on";
  chip.querySelector("[data-on]").hidden = now.status !== "on";
  begun = Date.now() - (now.seconds || 0) * 1000;
  tick();
  part("open").hidden = !now.may_ask || live;
  part("stop").hidden = !["on", "paused"].includes(now.status);
  part("mine").hidden = !now.asks_me;
  part("patient").hidden = !now.asks_for_patient;
  const waits = now.waiting_for?.concat(now.patient ? [say.patient] : []) || [];
  const asks = now.status === "asked" || (now.status === "paused" && waits.length);
  banner.hidden = !asks && !told;
  part("said").textContent = asks ? say.asks.replace("{who}", now.asked_by) : told;
  part("more").textContent = asks && waits.length ? say.waits.replace("{who}", waits.join(say.comma)) : "";
}

function ends({ status, why }) {
  if (status === "refused") return say.refused;
  if (why === "disk" && status === "stopped") return say.disk;
  return { stopped: say.stopped, stored: say.stored, failed: say.cannot }[status] || "";
}

function tick() {
  const words = part("chip").querySelector("[data-words]");
  const seconds = Math.max(0, Math.round((Date.now() - begun) / 1000));
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const text = { on: say.on.replace("{time}", time), paused: say.paused }[state.status] || say.none;
  if (words.textContent !== text) words.textContent = text;
}
setInterval(() => state.status === "on" && tick(), 1000);

/* ---- the recorder's page ---- */

function follow() {
  if (!state.recorder || !room) return;
  if (state.status === "on" && !recorder) {
    // A page that was loaded anew cannot go on with the same file.
    if (state.pieces) return void post(url("stop"));
    recorder = new Recorder({ call: room.call, tiles: room.tiles, post: send, spare: () => room.call.rung === "video" });
    recorder.id = state.id;
    if (!recorder.kind) return void post(url("stop"));
    recorder.start();
  } else if (state.status === "on") recorder?.resume();
  else if (state.status === "paused") recorder?.pause();
  else if (state.status === "stopped") finish();
  document.documentElement.dataset.recorder = state.status;
}

/** All that was recorded arrives, then it is closed. */
async function finish() {
  const mine = recorder;
  if (!mine || mine.finishing) return;
  mine.finishing = true;
  await mine.stop();
  await post(`/recordings/${mine.id}/finish/`);
  recorder = undefined;
}

async function stopThenFinish() {
  await post(url("stop"));
  await finish();
}

/** Whether it was taken; rejects when it never will be. */
async function send(number, piece, type) {
  const answer = await fetch(`${url("pieces")}${number}/`, {
    method: "POST",
    body: piece,
    headers: { "Content-Type": "application/octet-stream", "X-Media-Type": type, "X-CSRFToken": data.csrf, Accept: "application/json" },
  }).catch(() => null);
  if (!answer || (answer.status >= 500 && answer.status !== 503)) return false;
  if (answer.status === 503) {
    const { path } = await answer.json().catch(() => ({}));
    if (path !== "disk") return false;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  return true;
}

const url = (door) => `/recordings/${recorder?.id || state.id}/${door}/`;

/* ---- what one presses ---- */

/** What was refused, or nothing. @param {string} address @param {Record<string, string>} [fields] */
async function post(address, fields = {}) {
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: data.csrf });
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) return "";
  return (answer && (await answer.json().catch(() => ({}))).text) || say.noLine;
}

part("ask").addEventListener("click", async () => {
  const said = await post(say.ask);
  part("wrong").hidden = !said;
  part("wrong").textContent = said;
  if (!said) part("ask").closest("dialog").close();
});
part("stop").addEventListener("click", () => tellIf(post(url("stop"))));
for (const button of banner.querySelectorAll("[data-agrees]")) {
  button.addEventListener("click", () => tellIf(post(url("answer"), { agrees: button.dataset.agrees })));
}
for (const button of banner.querySelectorAll("[data-patient]")) {
  const answer = () => ({ agrees: button.dataset.patient, patient: "on", relation: part("relation").value });
  button.addEventListener("click", () => tellIf(post(url("answer"), answer())));
}

async function tellIf(answer) {
  const said = await answer;
  if (said) room?.say(said);
  look();
}
