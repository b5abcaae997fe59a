/** The room's page: puts socket, call, chat and the shared viewer together, and says in words how it goes. */
import { Apart } from "./apart.js";
import { Call } from "./call.js";
import { Chat } from "./chat.js";
import { Choice, connectLists } from "./choice.js";
import { chime, meter, noDevices } from "./devices.js";
import { Guests } from "./guests.js";
import { RUNGS } from "./ladder.js";
import { Screen } from "./screen.js";
import { SelfTest } from "./selftest.js";
import { Shared } from "./shared.js";
import { RoomSocket } from "./socket.js";
import { Stills } from "./stills.js";
import { Tiles } from "./tiles.js";

const data = JSON.parse(document.getElementById("room-data")?.textContent || "{}");
const words = JSON.parse(document.getElementById("room-words")?.textContent || "{}");
/** @param {string} name @returns {any} */
const part = (name) => document.querySelector(`[data-room="${name}"]`);
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, key) => facts[key] ?? "");

/** @type {Map<string, any>} everybody who has a place, by user */
const people = new Map();
let greeted = 0; // the number of the log that the greeting already tells of
const name = (user) => people.get(user)?.name || words.somebody;
const me = () => data.me;

const socket = new RoomSocket({ path: data.socket, state: data.state, outbox: `room-outbox/${data.room}/${data.me}` });
const guests = new Guests({ host: part("guests"), invite: part("invite"), data, words, say: (text) => chat.note(text) });
const chat = new Chat(part("log"), part("say"), words, {
  name,
  me,
  post: (frame) => socket.post(frame),
  typing: () => socket.send({ do: "typing" }),
  waiting: () => socket.outbox,
});
const shared = new Shared({ send: (f) => socket.send(f), post: (f) => socket.post(f), me, name, mayShow: data.may_show });
/** @type {Call | undefined} */
let call;
/** @type {Tiles | undefined} */
let tiles;
const choice = new Choice(words);
const screen = new Screen({
  host: part("screen"),
  button: part("share"),
  stop: part("unshare"),
  words,
  me,
  name,
  call: () => call,
  stillOf: (user) => tiles?.stills.get(user)?.picture || "",
  send: (frame) => socket.send(frame),
  say: (text) => chat.note(text),
});
screen.addEventListener("change", () => tiles?.draw());

/* ---- ready check: says what works, and never stands in the way ---- */

/** @type {() => void} */
let stopMeter = () => {}; // before the devices: for who has none they are found at once
const devices = findDevices();
const check = new SelfTest({ host: part("ready"), check: data.check, csrf: data.csrf, words, voice: () => choice.track("mic"), sink: () => choice.sink });
if (data.may_speak) connectLists(choice, document);
const KEPT = `room-entered/${data.room}`;

async function findDevices() {
  const found = data.may_speak ? await choice.open() : noDevices();
  showFinding("mic", found.mic);
  showFinding("camera", found.camera);
  showLevel();
  return found;
}

function showFinding(kind, finding) {
  const row = part(`ready-${kind}`);
  row.querySelector("[data-words]").textContent = words[`${kind}_${finding}`];
  const chip = row.querySelector(".chip");
  chip.className = `chip chip--${finding === "good" ? "g" : "a"}`;
  chip.textContent = finding === "good" ? words.good : kind === "mic" ? words.only_listen : words.only_voice;
}

function showLevel() {
  stopMeter();
  if (!call) stopMeter = meter(choice.stream, (loud) => (part("level").value = loud));
}

let entering = false; // devices take a while, and an impatient hand presses again

part("chime")?.addEventListener("click", () => chime(choice.sink));
part("enter").addEventListener("click", enter);
part("enter").disabled = false; // before this a click would be lost
if (data.enters || sessionStorage.getItem(KEPT)) enter(); // who came by a link has pressed Enter already

async function enter() {
  if (call || entering) return;
  entering = true;
  part("enter").setAttribute("aria-busy", "true");
  const { stream } = await devices;
  stopMeter();
  check.stop();
  sessionStorage.setItem(KEPT, "1");
  const pressed = part("ready").contains(document.activeElement);
  part("ready").hidden = true;
  part("room").hidden = false;
  if (pressed) part("title").focus(); // the button that had the focus is gone
  call = new Call({ socket, local: stream, still: () => screen.still() || tiles?.still() || "" });
  const shares = () => screen.user;
  tiles = new Tiles(part("tiles"), { words, stream, me, people, call, hosts: data.may_host, freezes: Boolean(data.still), shares, sink: () => choice.sink });
  call.addEventListener("peer", () => drawPictures());
  call.addEventListener("still", (event) => {
    tiles?.still(/** @type {CustomEvent} */ (event).detail);
    screen.draw();
  });
  call.addEventListener("line", (event) => showLine(/** @type {CustomEvent} */ (event).detail));
  showControls();
  document.dispatchEvent(new CustomEvent("room-entered", { detail: { call, tiles: part("tiles"), say: (text, at) => chat.note(text, at), send: (frame) => socket.send(frame), post: (frame) => socket.post(frame) } }));
  socket.connect();
}

function drawPictures() {
  tiles?.draw();
  screen.draw();
}

/* ---- devices that change: the rest goes on ---- */

/** Whether a device that is gone was in use, so that it is again when it returns. */
const wasOn = { mic: false, camera: false };

choice.addEventListener("change", (event) => {
  const { kind } = /** @type {CustomEvent} */ (event).detail;
  if (!call) {
    if (kind !== "speaker") showFinding(kind, "good");
    if (kind === "mic") showLevel();
    return;
  }
  if (kind !== "speaker") {
    if (wasOn[kind]) (kind === "mic" ? call.setMic(true) : call.setCamera(true));
    wasOn[kind] = false;
    call.swap();
  }
  showControls();
});

choice.addEventListener("lost", (event) => {
  const { kind } = /** @type {CustomEvent} */ (event).detail;
  if (!call) return showFinding(kind, "missing");
  wasOn[kind] = kind === "mic" ? call.mic : call.camera;
  call.swap();
  if (kind === "camera") call.setCamera(false);
  else call.setMic(false);
  showControls();
});

choice.addEventListener("said", (event) => {
  const { text } = /** @type {CustomEvent} */ (event).detail;
  if (call) chat.note(text);
  for (const place of document.querySelectorAll("[data-devices-said]")) place.textContent = text;
});

/* ---- long without the room: nobody could tell us that we were sent out ---- */

/** @type {Set<string>} what was let go, and one press takes again */
const asleep = new Set();

const apart = new Apart((data.apart || 600) * 1000, () => {
  for (const kind of ["mic", "camera"]) if (choice.track(kind)) asleep.add(kind);
  screen.close();
  choice.release();
  call?.pause();
  call?.setMic(false);
  call?.setCamera(false);
  part("banner").querySelector("p").textContent = words.apart;
  chat.note(words.apart);
  showControls();
});

/** @param {"mic" | "camera"} kind @param {boolean} on */
async function turn(kind, on) {
  if (!call) return;
  if (on && asleep.has(kind) && !(await choice.reopen(kind))) return;
  if (on) asleep.delete(kind);
  if (kind === "mic") call.setMic(on);
  else call.setCamera(on);
  showControls();
}

/* ---- the socket ---- */

socket.addEventListener("frame", (event) => hear(/** @type {CustomEvent} */ (event).detail.frame));
socket.addEventListener("state", (event) => showState(/** @type {CustomEvent} */ (event).detail));

function hear(frame) {
  shared.hear(frame);
  screen.hear(frame, frame.seq > greeted);
  document.dispatchEvent(new CustomEvent("room-frame", { detail: frame }));
  switch (frame.is) {
    case "hello":
      greeted = frame.last_seq;
      for (const person of frame.people) {
        people.set(person.user, { ready: people.get(person.user)?.ready, ...person });
        guests.hear({ ...person, is: "place" });
      }
      showHeld(frame.status === "held", words.held_alone);
      underWay = ["live", "held"].includes(frame.status);
      showHold();
      call?.ways.take(frame.ways);
      if (apart.back()) chat.note(words.apart_over);
      followPeople();
      call?.resume();
      if (check.facts) socket.post({ do: "ready", ...check.facts });
      check.facts = null;
      break;
    case "snapshot":
      chat.clear();
      shared.clear();
      chat.note(words.summed_up);
      for (const one of frame.events) hear(one);
      break;
    case "chat.posted":
      chat.add(frame);
      if (frame.from !== me()) showTyping(frame.from, false);
      break;
    case "participant.joined":
    case "participant.returned":
      chat.note(fill(frame.is === "participant.joined" ? words.came : words.came_back, { who: frame.name }), frame.at);
      place(frame.seq, frame.from, { user: frame.from, name: frame.name, organisation: frame.organisation, role: frame.role, connection: frame.connection, status: "admitted" });
      if (frame.seq > greeted) call?.resume(frame.connection);
      break;
    case "participant.away":
      place(frame.seq, frame.participant, { status: "away" });
      chat.note(fill(words.went_away, { who: name(frame.participant) }), frame.at);
      break;
    case "participant.invited":
    case "participant.knocked":
    case "participant.admitted":
    case "participant.refused":
      hearGuest(frame);
      break;
    case "participant.left":
    case "participant.removed":
      chat.note(fill(frame.is === "participant.left" ? words.left : words.removed_other, { who: name(frame.participant) }), frame.at);
      place(frame.seq, frame.participant, { status: "left", connection: null });
      if (frame.is === "participant.removed") guests.hear(frame);
      break;
    case "ready.checked":
      if (people.has(frame.from)) people.set(frame.from, { ...people.get(frame.from), ready: frame });
      tiles?.draw();
      break;
    case "screen.started":
      tiles?.stills.delete(frame.from); // of the camera, or of the screen that was
      chat.note(fill(words.screen_of, { who: name(frame.from) }), frame.at);
      break;
    case "screen.ended":
      tiles?.stills.delete(frame.participant);
      chat.note(fill(words.screen_over, { who: name(frame.participant) }), frame.at);
      break;
    case "quality.changed":
      chat.note(fill(frame.to ? words.told_shared : words[`told_${frame.mode}`], { who: name(frame.from), to: name(frame.to) }), frame.at);
      break;
    case "media.moved":
      chat.note(frame.engine === "mesh" ? words.engine_away : words.engine_took, frame.at);
      if (frame.seq > greeted) socket.send({ do: "ways" });
      break;
    case "doctor.called":
      chat.note(fill(words.called, { who: frame.name }), frame.at);
      break;
    case "room.live":
      chat.note(words.live, frame.at);
      underWay = true;
      showHold();
      break;
    case "room.held":
    case "room.resumed":
      hearHold(frame);
      break;
    case "typing":
      showTyping(frame.from, true);
      break;
    case "signal":
      call?.hear(frame);
      break;
    case "ways":
      call?.ways.take(frame);
      followPeople();
      break;
    case "gone":
      drawPictures();
      break;
    case "error":
      chat.showWaiting();
      if (frame.kind !== "unavailable") chat.note(frame.text);
      break;
    default:
  }
}

const TOLD = { invited: "invited", knocked: "knocked", admitted: "was_let_in", refused: "turned_away" };

function hearGuest(frame) {
  const known = frame.name || people.get(frame.participant)?.name || words.somebody;
  if (frame.name) people.set(frame.participant, { user: frame.participant, organisation: "", ...people.get(frame.participant), name: frame.name, role: frame.role });
  chat.note(fill(words[TOLD[frame.is.split(".")[1]]], { who: known }), frame.at);
  if (frame.seq > greeted) guests.hear(frame);
  if (frame.is === "participant.knocked" && frame.seq > greeted && data.may_host) chime();
}

/* ---- the hold ---- */

let held = false;
let underWay = false;

function hearHold(frame) {
  const on = frame.is === "room.held";
  const said = on ? (frame.reason ? fill(words.held, frame) : words.held_alone) : words.resumed;
  chat.note(said, frame.at);
  if (frame.seq <= greeted) return;
  showHeld(on, said);
  showHold();
}

function showHeld(on, text) {
  held = on;
  part("held").hidden = !on;
  if (on) part("held").querySelector("b").textContent = text;
}

function showHold() {
  const button = part("hold");
  if (!button) return;
  button.hidden = !underWay;
  button.querySelector("[data-words]").textContent = held ? words.resume : words.hold;
}

part("hold")?.addEventListener("click", async () => {
  if (!held) return document.getElementById("hold-room").showModal();
  const said = await guests.post("resume", {});
  if (said) chat.note(said);
});
part("hold-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const wrong = form.querySelector("[data-wrong]");
  const said = await guests.post("hold", { reason: form.elements.reason.value });
  wrong.hidden = !said;
  wrong.textContent = said;
  if (said) return;
  form.reset();
  form.closest("dialog").close();
});

/** The greeting knows better than what the log said before it. */
function place(seq, user, facts) {
  if (seq <= greeted && people.has(user)) return;
  people.set(user, { ...people.get(user), ...facts });
  followPeople();
}

function followPeople() {
  call?.follow([...people.values()], me());
  showShared();
  drawPictures();
  part("count").textContent = String([...people.values()].filter((p) => p.status === "admitted").length);
}

const quiet = new Map();
function showTyping(user, typing) {
  clearTimeout(quiet.get(user));
  const line = part("typing");
  line.textContent = typing ? fill(words.typing, { who: name(user) }) : "";
  if (typing) quiet.set(user, setTimeout(() => (line.textContent = ""), 5000));
}

const OVER = ["ended", "removed", "replaced", "absent", "signedout"];

function showState({ state }) {
  document.documentElement.dataset.connection = state;
  const banner = part("banner");
  const lost = state === "lost" || (state === "connecting" && socket.tries > 0);
  banner.hidden = state === "open" || (state === "connecting" && !lost);
  if (banner.hidden) return;
  banner.querySelector("b").textContent = lost ? words.lost : words[`over_${state}`];
  banner.querySelector("p").textContent = lost ? (apart.acted ? words.apart : words.lost_more) : words.over_more;
  if (lost) apart.lost();
  if (OVER.includes(state)) {
    document.dispatchEvent(new CustomEvent("room-over"));
    apart.back();
    screen.close();
    call?.close();
    sessionStorage.removeItem(KEPT);
    for (const control of document.querySelectorAll("[data-live]")) control.setAttribute("aria-disabled", "true");
    part("back").hidden = false;
  }
}

/* ---- the line: what it bears, and the switch that always wins ---- */

let shown = "";
function showLine({ rung, sample, why, calm }) {
  const ladder = part("ladder");
  for (const step of ladder.querySelectorAll("[data-rung]")) {
    const here = step.dataset.rung === rung;
    step.classList.toggle("c", here);
    step.classList.toggle("x", RUNGS.indexOf(step.dataset.rung) < RUNGS.indexOf(rung));
    if (here) step.setAttribute("aria-current", "true");
    else step.removeAttribute("aria-current");
    step.querySelector("button").setAttribute("aria-pressed", String(call?.manual === step.dataset.rung));
  }
  part("auto").setAttribute("aria-pressed", String(!call?.manual));
  const weak = part("weak");
  weak.hidden = rung === "video" || !!call?.manual || why === "start";
  if (!weak.hidden) {
    weak.querySelector("b").textContent = words[`weak_${rung}`];
    const facts = sample ? { kbit: Math.round((sample.available || sample.kbit * 1000) / 1000), delay: (sample.rtt / 1000).toFixed(1) } : {};
    weak.querySelector("p").textContent = sample ? fill(words.weak_more, facts) : "";
  }
  showShared();
  screen.draw();
  document.dispatchEvent(new CustomEvent("line", { detail: { level: { video: 4, still: 2, audio: 1, text: 0 }[rung], calm } }));
  document.documentElement.dataset.callRung = rung;
  const to = call?.sharedTo;
  const now = `${rung}/${call?.manual}/${to}`;
  if (now === shown || !sample) return;
  if (shown && why !== "start") {
    const line = { kbit_s: Math.min(Math.round((sample.available || 0) / 1000), 1000000), rtt_ms: Math.round(sample.rtt), loss: Math.min(sample.loss, 1) };
    socket.send({ do: "quality", mode: rung, by: call?.manual ? "manual" : "auto", ...line, ...(to ? { to } : {}) });
  }
  shown = now;
}

/** Whether the picture goes to one alone; who has no place in the mesh at all is told that instead. */
function showShared() {
  const to = call?.sharedTo;
  const banner = part("shared");
  banner.hidden = !to && !call?.left;
  if (banner.hidden) return;
  banner.querySelector("b").textContent = call?.left ? words.crowded : fill(words.shared, { to: name(to) });
  banner.querySelector("p").textContent = call?.left ? words.crowded_more : words.shared_more;
}

for (const step of part("ladder").querySelectorAll("[data-rung]")) {
  step.querySelector("button").addEventListener("click", () => choose(step.dataset.rung));
}
part("auto").addEventListener("click", () => choose(""));

function choose(rung) {
  call?.choose(rung);
  call?.setMic(rung !== "text" && call.local.getAudioTracks().length > 0);
  showControls();
}

/* ---- controls ---- */

part("mic")?.addEventListener("click", () => turn("mic", !call?.mic));
part("camera")?.addEventListener("click", () => turn("camera", !call?.camera));

function showControls() {
  if (!call || !part("mic")) return;
  const mic = asleep.has("mic") || call.local.getAudioTracks().length > 0;
  const camera = asleep.has("camera") || call.local.getVideoTracks().length > 0;
  label(part("mic"), mic, call.mic, mic ? (call.mic ? words.mute : words.muted) : words.no_mic);
  label(part("camera"), camera, call.camera, camera ? (call.camera ? words.camera_off : words.camera_is_off) : words.no_camera);
  tiles?.draw();
}

function label(button, there, on, text) {
  button.querySelector("[data-words]").textContent = text;
  button.setAttribute("aria-pressed", String(there && !on));
  if (there) button.removeAttribute("aria-disabled");
  else button.setAttribute("aria-disabled", "true");
}

part("leave").addEventListener("click", async () => {
  const unsent = []; // what others still have to bring away, for a few seconds at most
  document.dispatchEvent(new CustomEvent("room-leaving", { detail: unsent }));
  if (unsent.length) await Promise.race([Promise.all(unsent), new Promise((done) => setTimeout(done, 5000))]);
  socket.send({ do: "leave" });
  screen.close();
  call?.close();
  sessionStorage.removeItem(KEPT);
  setTimeout(() => {
    socket.close();
    location.assign(data.back);
  }, 150); // time for the frame to go
});

addEventListener("pagehide", () => {
  screen.close();
  call?.close();
});

part("tiles").addEventListener("click", async (event) => {
  const button = /** @type {Element} */ (event.target).closest("button[data-remove]");
  if (!(button instanceof HTMLElement)) return;
  const said = await guests.post("remove", { user_id: button.dataset.remove || "" });
  if (said) chat.note(said);
});

/* ---- the lead bar and the viewer ---- */

shared.addEventListener("change", showLead);
part("lead")?.addEventListener("click", () => shared.lead(!shared.leads));
part("alone")?.addEventListener("click", () => shared.setAlone(!shared.alone));

function showLead() {
  if (call) call.leader = shared.leader;
  const bar = part("leading");
  if (!bar) return;
  if (data.shown) {
    bar.textContent = shared.leader ? fill(words.shows, { who: name(shared.leader) }) : words.nobody_shows;
    return;
  }
  const who = shared.leads ? words.you_lead : shared.leader ? fill(shared.alone ? words.alone : words.follow, { who: name(shared.leader) }) : words.nobody_leads;
  bar.textContent = who;
  part("lead").textContent = shared.leads ? words.let_go : words.take_lead;
  part("alone").hidden = !shared.leader || shared.leads;
  part("alone").textContent = shared.alone ? words.back_to_lead : words.look_alone;
}
showLead();

// The opinion is signed here and the room goes on; its panel has done its work.
document.addEventListener("opinion-signed", (event) => {
  event.preventDefault();
  document.querySelector('[data-panel="draft"] [data-sign-button]')?.setAttribute("hidden", "");
  chat.note(words.signed);
});

async function openViewer() {
  const host = part("viewer");
  const { module, ...options } = data.viewer || {};
  if (data.shown) return openSeen(host, options);
  if (!host) return;
  if (!options.studies?.length) {
    host.replaceChildren(Object.assign(document.createElement("p"), { className: "empty", textContent: words.no_images }));
    return;
  }
  try {
    const { Desk } = await import(module);
    host.viewer = new Desk(host, options);
    shared.attach(host.viewer);
  } catch {
    host.textContent = words.no_viewer; // the rest of the room lives
  }
}
openViewer();

/** The same for a guest, who sees what is shown. @param {any} host @param {any} options */
async function openSeen(host, options) {
  try {
    const { Seen } = await import("./seen.js");
    host.viewer = new Seen(host, { at: data.shown, words: options.words, says: words });
    shared.attach(host.viewer);
    document.addEventListener("room-over", () => host.viewer.led(""));
  } catch {
    host.textContent = words.no_viewer;
  }
}

/* ---- a still of somebody's video ---- */

const stills = new Stills({ dialog: document.getElementById("freeze"), address: data.still, csrf: data.csrf, words });
part("tiles").addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("button[data-freeze]");
  const tile = button?.closest(".tile");
  if (tile instanceof HTMLElement) stills.freeze(tile.querySelector("video"), tile.dataset.user);
});
stills.addEventListener("kept", async (event) => {
  const study = /** @type {CustomEvent} */ (event).detail;
  socket.post({ do: "open", study: study.id });
  if (!part("viewer").viewer) {
    data.viewer.studies.push(study);
    await openViewer();
  }
  shared.lead(true);
  part("viewer").viewer.addStudy(study);
  part("viewer").viewer.choose(0, study.id);
});
