/**
 * The control for photographs and PDFs, on every page that has it: made small here, sent one after
 * the other, each with its progress; what was kept is told as "attached" {id, called, frames}.
 */

import { shrunk } from "./photo.js";
import { sendFile } from "./pieces.js";
import { keyOf } from "./shipment.js";

const NOBODY = "00000000-0000-0000-0000-000000000000";
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

export class Attaching {
  /** @param {HTMLElement} root [data-attach] */
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(root.querySelector("#attach-words").textContent);
    this.rows = root.querySelector("[data-rows]");
    this.said = root.querySelector("[data-said]");
    this.token = root.closest("form").elements.namedItem("csrfmiddlewaretoken").value;
    this.items = [];
    this.running = null;
    this.whose = () => "here"; // a page that lets one choose says it: "" is nobody's yet
    this.nobody = () => this.words.person;
    /** @type {import("./shipment.js").Shipment | null} of a page that says what they are for */
    this.shipment = null;
    for (const input of root.querySelectorAll("[data-kind]")) {
      input.addEventListener("change", (event) => {
        event.stopPropagation(); // nothing of the form around it has changed yet
        for (const file of input.files) this.add(file, input.dataset.kind);
        input.value = "";
      });
    }
    this.camera();
    root.hidden = false;
    root.closest("form").querySelector("[data-plain]")?.remove();
    addEventListener("online", () => this.items.filter((one) => one.cut).forEach((one) => this.retry(one)));
    addEventListener("beforeunload", (event) => {
      if (this.running && !this.running.stop.signal.aborted) event.preventDefault();
    });
  }

  /** On a phone a photo is taken; whoever has taken it already says so. */
  camera() {
    const gallery = this.root.querySelector("[data-gallery]");
    const cameras = this.root.querySelectorAll("[accept^=image]");
    const phone = matchMedia("(pointer: coarse)").matches;
    gallery.closest("label").hidden = !phone;
    const set = () => {
      for (const one of cameras)
        if (phone && !gallery.checked) one.setAttribute("capture", "environment");
        else one.removeAttribute("capture");
    };
    gallery.addEventListener("change", (event) => (event.stopPropagation(), set()));
    set();
  }

  /** Resolves when nothing is under way. */
  async idle() {
    while (this.running) await this.running.over;
  }

  /** What has not arrived by now does not go. */
  stop() {
    for (const item of this.items) if (!item.done && item !== this.running?.item) this.cancel(item);
    this.running?.stop.abort();
  }

  add(file, kind) {
    const item = { file, kind, name: file.name, patient: this.whose(), done: false };
    this.items.push(item);
    this.show(item);
    if (!item.patient) return this.finish(item, this.nobody(), "ink-amber");
    this.next();
  }

  show(item) {
    const row = element("li", "up__row");
    const bar = Object.assign(element("progress", ""), { max: 1, value: 0 });
    bar.setAttribute("aria-label", item.name);
    const button = element("button", "btn", this.words.cancel);
    button.type = "button";
    button.addEventListener("click", () => (item.done ? this.retry(item) : this.cancel(item)));
    row.append(element("b", "cut", item.name), element("span", "sub", this.words.waiting), button, bar);
    if (item.row) item.row.replaceWith(row);
    else this.rows.append(row);
    item.row = row;
  }

  say(item, text, tone = "sub") {
    const [, said] = item.row.children;
    said.className = tone;
    said.textContent = text;
  }

  /** What concerns them all; read out, and on the page unless a row says it. */
  tell(text, onRow = false) {
    this.said.textContent = text;
    this.said.className = onRow ? "vh" : "ink-amber";
  }

  next() {
    if (this.running) return;
    const item = this.items.find((one) => !one.done);
    if (!item) return;
    const stop = new AbortController();
    this.running = { item, stop, over: null };
    this.running.over = this.send(item, stop.signal);
  }

  async send(item, signal) {
    const { words, root } = this;
    try {
      this.say(item, words.shrinking);
      if (item.kind !== "document" && !item.small) item.file = await shrunk(item.file);
      item.small = true;
      if (item.file.size > root.dataset.attach * 1024 * 1024)
        return this.finish(item, fill(words.tooLarge, { limit: root.dataset.attach }), "ink-amber");
      if (signal.aborted) throw new Error("stopped");
      await this.announce(item, signal);
      const to = (address) => address.replace(NOBODY, item.patient);
      const answer = await sendFile(item.file, {
        whole: to(root.dataset.whole),
        pieces: to(root.dataset.pieces),
        signal,
        headers: {
          ...this.shipment?.headersOf(item),
          Accept: "application/json",
          "X-Attachment": item.kind,
          "X-File-Name": encodeURIComponent(item.name.slice(-180)),
          "X-CSRFToken": this.token,
        },
        begun: (_url, offset) => {
          this.progress(item, offset);
          if (offset) this.say(item, fill(words.continuing, { share: this.percent(item) }));
        },
        progress: (sent) => this.progress(item, sent),
        yields: (on) => on && this.yields(item),
      });
      this.answered(item, answer);
    } catch {
      if (signal.aborted) this.finish(item, words.stopped, "dim", true);
      else this.broken(item);
    }
  }

  /** Whoever waits for it learns that it comes, and then that it is here. */
  async announce(item, signal) {
    if (!this.shipment?.on) return;
    item.key = keyOf(item);
    this.shipment.add([{ key: item.key, file: item.file, facts: { images: 1 } }]);
    await this.shipment.tell(signal, (on) => on && this.yields(item));
  }

  /** A call in this browser goes first. */
  yields(item) {
    this.say(item, fill(this.words.yields, { share: this.percent(item) }));
  }

  /** It goes by itself when the browser is back on the line. */
  broken(item) {
    this.finish(item, this.words.lost, "ink-amber", true);
    item.cut = true;
  }

  percent(item) {
    return Math.floor((item.sent || 0) * 100);
  }

  progress(item, sent) {
    item.sent = sent / item.file.size;
    item.row.querySelector("progress").value = item.sent;
    this.say(item, item.sent < 1 ? `${this.words.sending} ${this.percent(item)}%` : this.words.checking);
  }

  answered(item, answer) {
    let said = null;
    try {
      said = JSON.parse(answer.responseText);
    } catch {
      return this.finish(item, this.words.lost, "ink-amber", true);
    }
    const [study] = said.studies || [];
    if (!study) return this.finish(item, said.refused?.[0]?.why || said.text, "ink-amber");
    const words = said.accepted.length ? this.words.kept : this.words.already;
    this.finish(item, fill(words, { what: study.called }), "ink-green");
    const detail = { ...study, patient: item.patient };
    this.root.dispatchEvent(new CustomEvent("attached", { bubbles: true, detail }));
  }

  finish(item, text, tone, again = false) {
    item.done = true;
    this.say(item, text, tone);
    this.tell(`${item.name}: ${text}`, true);
    item.row.querySelector("progress").remove();
    const button = item.row.querySelector("button");
    button.hidden = !again;
    button.textContent = this.words.retry;
    if (this.running?.item === item) this.running = null;
    this.next();
  }

  cancel(item) {
    if (item.key && this.shipment) {
      this.shipment.drop(item);
      this.shipment.tell(new AbortController().signal).catch(() => {}); // said with the next one
    }
    if (this.running?.item === item) this.running.stop.abort();
    else this.finish(item, this.words.stopped, "dim", true);
  }

  retry(item) {
    Object.assign(item, { done: false, sent: 0, cut: false });
    this.show(item);
    this.next();
  }
}

const root = document.querySelector("[data-attach]");

/** Of the page that it is on. */
export const attaching = root ? new Attaching(/** @type {HTMLElement} */ (root)) : null;
