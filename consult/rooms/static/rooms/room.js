/** The room's page: puts socket, call, chat and the shared viewer together, and says in words how it goes. */
import { Call } from "./call.js";
import { Chat } from "./chat.js";
import { Choice } from "./choice.js";
import { Connection } from "./connection.js";
import { Controls } from "./controls.js";
import { chime } from "./devices.js";
import { Guests } from "./guests.js";
import { Hold } from "./hold.js";
import { Lead } from "./lead.js";
import { Line } from "./line.js";
import { data, fill, part, words } from "./page.js";
import { Ready } from "./ready.js";
import { removal } from "./removal.js";
import { Screen } from "./screen.js";
import { Shared } from "./shared.js";
import { RoomSocket } from "./socket.js";
import { Tiles } from "./tiles.js";

/** @type {Map<string, any>} everybody who has a place, by user */
const people = new Map();
let greeted = 0; // the number of the log that the greeting already tells of
const name = (user) => people.get(user)?.name || words.somebody;
const me = () => data.me;

const socket = new RoomSocket({ path: data.socket, state: data.state, outbox: `room-outbox/${data.room}/${data.me}` });
const guests = new Guests({ host: part("guests"), invite: part("invite"), data, words, say: (text) => chat.note(text) });
const chat = new Chat({ log: part("log"), form: part("say"), typing: part("typing") }, words, {
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
const ready = new Ready(choice);
const controls = new Controls({ choice, call: () => call, drawn: () => tiles?.draw() });
const line = new Line({ call: () => call, name, send: (frame) => socket.send(frame), chosen: () => controls.show() });
const hold = new Hold({ post: (door, fields) => guests.post(door, fields), say: (text, at) => chat.note(text, at) });

/* ---- entering ---- */

const KEPT = `room-entered/${data.room}`;
let signedHere = 0; // the version of which this page has said so itself
let entering = false; // devices take a while, and an impatient hand presses again

part("enter").addEventListener("click", enter);
part("enter").disabled = false; // before this a click would be lost
if (data.enters || sessionStorage.getItem(KEPT)) enter(); // who came by a link has pressed Enter already

async function enter() {
  if (call || entering) return;
  entering = true;
  part("enter").setAttribute("aria-busy", "true");
  const { stream } = await ready.devices;
  ready.end();
  sessionStorage.setItem(KEPT, "1");
  const pressed = part("ready").contains(document.activeElement);
  part("ready").hidden = true;
  part("room").hidden = false;
  if (pressed) part("title").focus(); // the button that had the focus is gone
  call = new Call({ socket, local: stream, still: () => screen.still() || tiles?.still() || "" });
  tiles = new Tiles(part("tiles"), { words, stream, me, people, call, hosts: data.may_host, freezes: Boolean(data.still), shares: () => screen.user, sink: () => choice.sink });
  call.addEventListener("peer", () => drawPictures());
  call.addEventListener("still", (event) => {
    tiles?.still(/** @type {CustomEvent} */ (event).detail);
    screen.draw();
  });
  call.addEventListener("line", (event) => {
    line.show(/** @type {CustomEvent} */ (event).detail);
    screen.draw();
  });
  controls.show();
  document.dispatchEvent(new CustomEvent("room-entered", { detail: { call, tiles: part("tiles"), say: (text, at) => chat.note(text, at), send: (frame) => socket.send(frame), post: (frame) => socket.post(frame) } }));
  socket.connect();
}

function drawPictures() {
  tiles?.draw();
  screen.draw();
}

/* ---- devices that change: the rest goes on ---- */

choice.addEventListener("change", (event) => (call ? controls : ready).changed(/** @type {CustomEvent} */ (event).detail.kind));

choice.addEventListener("lost", (event) => {
  const { kind } = /** @type {CustomEvent} */ (event).detail;
  call ? controls.lost(kind) : ready.show(kind, "missing");
});

choice.addEventListener("said", (event) => {
  const { text } = /** @type {CustomEvent} */ (event).detail;
  if (call) chat.note(text);
  for (const place of document.querySelectorAll("[data-devices-said]")) place.textContent = text;
});

const connection = new Connection({
  tries: () => socket.tries,
  slept: () => {
    screen.close();
    controls.sleep();
    chat.note(words.apart);
  },
  over: () => hangUp(),
});

/* ---- the socket ---- */

socket.addEventListener("frame", (event) => hear(/** @type {CustomEvent} */ (event).detail.frame));
socket.addEventListener("state", (event) => connection.show(/** @type {CustomEvent} */ (event).detail));

function hear(frame) {
  if (frame.study) frame.study.name = words[`attached_${frame.study.attachment}`] || frame.study.name;
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
      hold.greet(frame.status);
      call?.ways.take(frame.ways);
      if (connection.back()) chat.note(words.apart_over);
      followPeople();
      call?.resume();
      if (ready.test.facts) socket.post({ do: "ready", ...ready.test.facts });
      ready.test.facts = null;
      break;
    case "snapshot":
      chat.clear();
      shared.clear();
      chat.note(words.summed_up);
      for (const one of frame.events) hear(one);
      break;
    case "chat.posted":
      chat.add(frame);
      if (frame.from !== me()) chat.showTyping(frame.from, false);
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
    case "study.came":
      chat.note(fill(frame.files > 1 ? words.files_came : words.study_came, { who: frame.name, n: frame.files, what: frame.study.name }), frame.at);
      if (frame.seq > greeted) lead.hear(frame.study);
      break;
    case "media.moved":
      chat.note(frame.engine === "mesh" ? words.engine_away : words.engine_took, frame.at);
      if (frame.seq > greeted) socket.send({ do: "ways" });
      break;
    case "opinion.signed":
      if (frame.version !== signedHere) chat.note(fill(frame.version > 1 ? words.signed_again : words.signed_by, { who: frame.name, n: frame.version }), frame.at);
      break;
    case "question.asked":
      chat.note(fill(words.asked_by, { who: frame.name }), frame.at);
      break;
    case "schedule.changed":
      chat.note(fill(frame.former ? words.meets_instead : words.meets_at, { who: frame.name, to: frame.to, former: frame.former }), frame.at);
      break;
    case "doctor.called":
      chat.note(fill(words.called, { who: frame.name }), frame.at);
      break;
    case "room.live":
      chat.note(words.live, frame.at);
      hold.begun();
      break;
    case "room.held":
    case "room.resumed":
      hold.hear(frame, frame.seq > greeted);
      break;
    case "typing":
      chat.showTyping(frame.from, true);
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

/** The greeting knows better than what the log said before it. */
function place(seq, user, facts) {
  if (seq <= greeted && people.has(user)) return;
  people.set(user, { ...people.get(user), ...facts });
  followPeople();
}

function followPeople() {
  call?.follow([...people.values()], me());
  line.showShared();
  drawPictures();
  part("count").textContent = String([...people.values()].filter((p) => p.status === "admitted").length);
}

/* ---- going ---- */

function hangUp() {
  screen.close();
  call?.close();
  sessionStorage.removeItem(KEPT);
}

part("leave").addEventListener("click", async () => {
  const unsent = []; // what others still have to bring away, for a few seconds at most
  document.dispatchEvent(new CustomEvent("room-leaving", { detail: unsent }));
  if (unsent.length) await Promise.race([Promise.all(unsent), new Promise((done) => setTimeout(done, 5000))]);
  socket.send({ do: "leave" });
  hangUp();
  setTimeout(() => {
    socket.close();
    location.assign(data.back);
  }, 150); // time for the frame to go
});

addEventListener("pagehide", () => {
  screen.close();
  call?.close();
});

removal({ tiles: part("tiles"), name, post: (door, fields) => guests.post(door, fields) });

const lead = new Lead({ shared, call: () => call, name, post: (frame) => socket.post(frame) });

// The opinion is signed here and the room goes on; its panel has done its work.
document.addEventListener("opinion-signed", (event) => {
  event.preventDefault();
  signedHere = event.detail.version;
  document.querySelector('[data-panel="draft"] [data-sign-button]')?.setAttribute("hidden", "");
  chat.note(words.signed);
});
