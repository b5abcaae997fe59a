/**
 * The upload page: files are sent one after the other, those first with which a series can be looked
 * through, each with its own progress, and each can be stopped or tried again. Without this script
 * the form sends them all at once.
 */

import { attaching } from "./attach.js";
import { factsOf } from "./header.js";
import { inOrder } from "./order.js";
import { sendFile } from "./pieces.js";
import { Shipment, keyOf } from "./shipment.js";

const form = document.querySelector("[data-upload]");
const words = JSON.parse(document.getElementById("upload-words").textContent);
const limit = +form.dataset.upload;
const list = document.querySelector("[data-list]");
const rows = list.querySelector("[data-rows]");
const state = list.querySelector("[data-state]");
const all = list.querySelector("[data-all]");
const opening = list.querySelector("[data-open]");
const SHOWN = 60; // rows on the page; a disc has thousands of files
const NAMED = 8; // refused members of one archive that are listed
const LITTER = /(^|\/)(__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)/i;

const READERS = 8; // files that are looked into at a time

/**
 * @type {{file: File, name: string, key: string, row: HTMLElement | null, sent: number, done: boolean,
 *   facts?: import("./header.js").Facts, yields?: boolean}[]}
 */
const items = [];
const studies = new Set();
const there = new Set(); // keys of what came before
let queue = []; // the same, in the order of sending, once they were looked into
let looking = Promise.resolve();
let running = null;

const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
const shipment = new Shipment({
  about: form.dataset.about || "",
  url: form.dataset.announce,
  headers,
  done: (key) => there.add(key),
  refused: (why) => {
    const said = document.querySelector("[data-purpose]");
    if (said) said.textContent = why;
  },
});
if (attaching && shipment.on) attaching.shipment = shipment;
if (shipment.on) window.name = `upload-${form.dataset.about}`; // so that links to it find it again

const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Queue files, and start if nothing is under way. @param {{file: File, name: string}[]} chosen */
function add(chosen) {
  for (const { file, name } of chosen) {
    if (LITTER.test(name)) continue;
    const item = { file, name, key: keyOf({ file, name }), row: null, sent: 0, done: false };
    items.push(item);
    if (file.size > limit * 1024 * 1024) finish(item, fill(words.tooLarge, { limit }), "ink-amber");
    else if (rows.childElementCount < SHOWN) show(item);
  }
  list.hidden = !items.length;
  tell();
  looking = looking.then(look);
}

/** Look into what was chosen, say that it comes, and begin. */
async function look() {
  const fresh = items.filter((item) => !item.facts && !item.done);
  const waiting = [...fresh];
  const read = async () => {
    for (let item = waiting.pop(); item; item = waiting.pop()) item.facts = await factsOf(item.file, item.name);
  };
  await Promise.all(Array.from({ length: READERS }, read));
  const known = fresh.filter((item) => !item.done); // not stopped meanwhile
  shipment.add(known);
  queue = inOrder(items.filter((item) => item.facts));
  next();
}

function show(item) {
  if (item.row) return;
  item.row = element("li", "up__row");
  const progress = element("progress", "");
  Object.assign(progress, { max: 1, value: 0 });
  const button = element("button", "btn btn--s", words.cancel);
  button.type = "button";
  button.addEventListener("click", () => (item.done ? retry(item) : cancel(item)));
  item.row.append(element("b", "cut", item.name), element("span", "sub", words.waiting), button, progress);
  rows.append(item.row);
}

function say(item, text, tone = "sub") {
  if (!item.row) return;
  const [, said] = item.row.children;
  said.className = tone;
  said.textContent = text;
}

function next() {
  if (running) return;
  const item = queue.find((one) => !one.done);
  if (item) send(item);
  else shipment.tell(new AbortController().signal).catch(() => {}); // what comes no more
}


async function send(item) {
  const stop = new AbortController();
  running = { item, stop };
  say(item, words.sending);
  try {
    await shipment.tell(stop.signal, (on) => yields(item, on));
    if (there.has(item.key)) return finish(item, words.already, "ink-green");
    const request = await sendFile(item.file, {
      whole: window.location.pathname,
      pieces: form.dataset.pieces,
      plain: item.facts.plain,
      signal: stop.signal,
      headers: { ...headers, ...shipment.headersOf(item), "X-File-Name": encodeURIComponent(item.name.slice(-180)) },
      begun: (url, offset) => begun(item, url, offset),
      progress: (sent) => progress(item, sent),
      yields: (on) => yields(item, on),
    });
    answered(item, request);
  } catch (error) {
    if (stop.signal.aborted) finish(item, words.stopped, "dim", true);
    else broken(item);
  }
}

/** It goes in pieces: so much of it was here already. */
function begun(item, url, offset) {
  item.inPieces = true;
  const listed = document.querySelector(`[data-unfinished="${url}"]`);
  if (listed) (listed.parentElement.childElementCount > 1 ? listed : listed.closest("section")).remove();
  progress(item, offset);
  if (offset) say(item, fill(words.continuing, { share: percent(item) }));
}

function progress(item, sent) {
  item.sent = sent / item.file.size;
  const bar = item.row && item.row.querySelector("progress");
  if (bar) bar.value = item.sent;
  say(item, item.sent < 1 ? underWay(item) : words.checking);
  tell();
}

/** A call in this browser goes first, or no more. */
function yields(item, on) {
  if (item.yields === on) return;
  item.yields = on;
  say(item, underWay(item));
}

const underWay = (item) =>
  item.yields ? fill(words.yields, { share: percent(item) }) : `${words.sending} ${percent(item)}%`;

const percent = (item) => Math.floor(item.sent * 100);

/** The line broke: what came in pieces goes on by itself when the browser is back on the line. */
function broken(item) {
  const text = item.inPieces ? fill(words.cut, { share: percent(item) }) : words.lost;
  finish(item, text, "ink-amber", true);
  item.cut = item.inPieces;
}

function answered(item, request) {
  let said = null;
  try {
    said = JSON.parse(request.responseText);
  } catch {
    return finish(item, words.lost, "ink-amber", true);
  }
  if (!said.accepted) return finish(item, said.text, "ink-amber", true);
  for (const study of said.studies || []) studies.add(study.id);
  const kept = said.accepted.length;
  const many = kept > 1 ? ` ${fill(words.pictures, { n: kept })}` : "";
  const notes = [...said.refused, ...(said.notShown || [])];
  if (kept) finish(item, `${words.kept}${many}`, "ink-green");
  else if (said.already && said.already.length) finish(item, words.already, "ink-green");
  else finish(item, notes.length === 1 ? notes.pop().why : words.refused, "ink-amber");
  explain(item, notes);
}

/** What was left out of an archive, by name. */
function explain(item, notes) {
  if (!notes.length) return;
  show(item);
  const found = element("ul", "");
  for (const { name, why } of notes.slice(0, NAMED)) {
    const line = element("li", "");
    line.append(element("span", "", name), element("span", "ink-amber", why));
    found.append(line);
  }
  const rest = notes.length - NAMED;
  if (rest > 0) found.append(element("li", "dim", fill(words.more, { n: rest })));
  item.row.append(found);
}

function finish(item, text, tone, again = false) {
  item.done = true;
  item.sent = 1;
  item.trouble = tone !== "ink-green";
  if (item.trouble) show(item); // what went wrong is always on the page
  say(item, text, tone);
  if (item.row) {
    item.row.querySelector("progress").remove();
    const button = item.row.querySelector("button");
    button.hidden = !again;
    button.textContent = words.retry;
  }
  if (running && running.item === item) running = null;
  const waiting = items.find((one) => !one.done && !one.row);
  if (waiting && !item.trouble && item.row && rows.childElementCount >= SHOWN) {
    item.row.remove(); // kept files make room for those still to come
    show(waiting);
  }
  tell();
  next();
}

function cancel(item) {
  shipment.drop(item);
  if (running && running.item === item) running.stop.abort();
  else finish(item, words.stopped, "dim", true);
}

function retry(item) {
  item.row.remove();
  Object.assign(item, { row: null, sent: 0, done: false, cut: false });
  show(item);
  tell();
  if (item.facts) shipment.add([item]);
  looking = looking.then(look);
}

/** The sum of it all, and the way to the pictures. */
function tell() {
  const bytes = items.reduce((sum, one) => sum + one.file.size, 0) || 1;
  const share = items.reduce((sum, one) => sum + one.sent * one.file.size, 0) / bytes;
  const done = items.filter((one) => one.done).length;
  all.hidden = done === items.length;
  all.value = share;
  const percent = Math.floor(share * 100);
  const text = fill(words.progress, { done, count: items.length, share: percent });
  if (state.textContent !== text) state.textContent = text;
  if (opening.childElementCount === studies.size || done < items.length) return;
  opening.replaceChildren(
    ...Array.from(studies, (id) => {
      const link = element("a", "btn btn--p", words.open);
      link.href = form.dataset.study.replace("00000000-0000-0000-0000-000000000000", id);
      return link;
    }),
  );
}

const listed = (files) =>
  Array.from(files, (file) => ({ file, name: file.webkitRelativePath || file.name }));

/** The files of what was dropped; folders are walked. */
async function dropped(transfer) {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
  if (!entries.some((entry) => entry && entry.isDirectory)) return listed(transfer.files);
  const found = [];
  for (const entry of entries.filter(Boolean)) await walk(entry, found);
  return found;
}

async function walk(entry, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push({ file, name: entry.fullPath.replace(/^\//, "") });
    return;
  }
  const reader = entry.createReader();
  const batch = () => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  for (let part = await batch(); part.length; part = await batch()) {
    for (const one of part) await walk(one, found);
  }
}

function start() {
  form.classList.add("is-live");
  for (const label of form.querySelectorAll(".up__pick, .up__folder")) label.hidden = false;
  for (const input of form.querySelectorAll('input[type="file"]')) {
    input.addEventListener("change", () => {
      add(listed(input.files));
      input.value = "";
    });
  }
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("is-over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    add(await dropped(event.dataTransfer));
  });
  window.addEventListener("online", () => items.filter((item) => item.cut).forEach(retry));
  window.addEventListener("beforeunload", (event) => {
    if (running) event.preventDefault();
  });
}

start();
