/**
 * The desk: one or two studies beside each other, their marks, and the key images that are kept.
 * It is shared as one board is: state, show(state), addMark, removeMark, showPointer, hidePointer,
 * locked, and the events view, mark, unmark, pointer; and keyImage {id, …}, keyImageGone {id}.
 *
 * Its state is that of the first pane with its study; `beside` is that of the second, if there are two.
 */

import { Pane } from "./pane.js";
import { Strip } from "./strip.js";
import { offsetOf, partner } from "./sync.js";
import { element, icon } from "./toolbar.js";
import { sendOnce } from "../web/send.js";

const QUALITY = 0.9;

export class Desk extends EventTarget {
  /**
   * @param {HTMLElement} root
   * @param {{studies: object[], keyImages?: object[], keep?: string, csrf?: string, me?: string,
   *   words: Record<string, string>, letterKeys?: boolean, readOnly?: boolean}} options
   */
  constructor(root, options) {
    super();
    const { studies, keyImages = [], keep = "", csrf = "", me = "", words, letterKeys = true } = options;
    Object.assign(this, { root, studies, words, letterKeys, keepAt: keep, csrf, me });
    this.marks = new Map();
    this.linked = true;
    this.two = false;
    this.active = 0;
    this.isLocked = false;
    this.sending = Promise.resolve();
    this.unsent = 0; // key images that still wait for the line
    this.panes = [new Pane(this, 0), new Pane(this, 1)];
    this.build();
    for (const one of keyImages) this.strip.add(one);
    document.addEventListener("keydown", (this.onKey = (event) => this.key(event)));
    addEventListener("beforeunload", (this.onUnload = (event) => this.unsent && event.preventDefault()));
    if (studies.length) this.panes[0].open(studies[0].id);
    this.settle();
  }

  // ---- state ----

  get board() {
    return this.panes[this.active].board;
  }

  get state() {
    const [first, second] = this.panes.map((pane) => pane.state);
    return { ...first, ...(this.two && second ? { beside: second, linked: this.linked } : {}) };
  }

  /** Apply a state that came from elsewhere; nothing is told. */
  show(state) {
    if (!state) return;
    const { beside = null, linked = true, turn: _turn, ...first } = state;
    this.linked = linked !== false;
    this.waiting = state; // it may be of a study that is only coming
    const study = first.study || this.panes[0].study || this.studies[0]?.id;
    this.panes[0].open(study, first.series ? first : null);
    this.setTwo(Boolean(beside));
    if (beside) this.panes[1].open(beside.study || study, beside.series ? beside : null);
    this.settle();
  }

  get locked() {
    return this.isLocked;
  }

  set locked(on) {
    this.isLocked = on;
    for (const { board } of this.panes) if (board) board.locked = on;
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  told(settled) {
    if (this.board) this.tell("view", { state: this.state, settled });
  }

  /** A pane has a new board: it gets the marks of its series, and is listened to. */
  arrived(pane) {
    const { board } = pane;
    board.locked = this.isLocked;
    for (const { mark, facts } of this.marks.values()) board.addMark(mark, facts);
    board.addEventListener("view", ({ detail }) => {
      if (this.two && this.linked) this.follow(pane);
      this.told(detail.settled);
    });
    board.addEventListener("mark", ({ detail }) => {
      this.addMark(detail.mark, { own: true });
      this.tell("mark", detail);
    });
    board.addEventListener("unmark", ({ detail }) => {
      this.removeMark(detail.id);
      this.tell("unmark", detail);
    });
    board.addEventListener("pointer", ({ detail }) => this.tell("pointer", detail));
    this.relink();
    this.settle();
  }

  // ---- two beside each other ----

  choose(place, study) {
    if (this.isLocked) return;
    this.panes[place].open(study).then((came) => came && this.told(true));
  }

  /** What the button does: a second pane with the other study, or with another series. */
  async split() {
    if (this.isLocked) return;
    this.setTwo(!this.two);
    if (this.two && !this.panes[1].board) {
      const here = this.panes[0];
      const other = this.studies.find((one) => one.id !== here.study) || this.studies[0];
      const next = other.id === here.study && here.board?.series?.[1];
      await this.panes[1].open(other.id, next ? here.board.home(next) : null);
    }
    this.relink();
    this.told(true);
  }

  setTwo(on) {
    this.two = on;
    this.panes[1].host.hidden = !on;
    this.places.classList.toggle("vps", on);
    this.root.dataset.two = `${on}`;
    if (!on && this.active === 1) this.activate(0);
    this.settle();
  }

  setLinked(on) {
    if (this.isLocked) return;
    this.linked = on;
    this.relink();
    this.settle();
    this.told(true);
  }

  /** From here on both move by the same way. */
  relink() {
    const [a, b] = this.panes.map((pane) => pane.board);
    const both = a?.stack && b?.stack;
    this.offset = both ? offsetOf(a.stack, b.stack, a.view.slice, b.view.slice) : null;
    this.axes = both ? `${a.stack.uid} ${b.stack.uid}` : "";
  }

  follow(pane) {
    const [a, b] = this.panes.map((one) => one.board);
    if (!a?.stack || !b?.stack) return;
    if (this.axes !== `${a.stack.uid} ${b.stack.uid}`) return this.relink();
    const [mover, other] = pane.place ? [b, a] : [a, b];
    const way = pane.place ? -this.offset : this.offset;
    const slice = partner(mover.stack, other.stack, mover.view.slice, way);
    if (slice !== other.view.slice) other.show({ ...other.state, slice });
  }

  activate(place) {
    if (this.active === place) return;
    this.active = place;
    this.settle();
  }

  // ---- marks, pointers, key images ----

  addMark(mark, facts = {}) {
    this.marks.set(mark.id, { mark, facts });
    for (const { board } of this.panes) board?.addMark(mark, facts);
  }

  removeMark(id) {
    this.marks.delete(id);
    for (const { board } of this.panes) board?.removeMark(id);
  }

  showPointer(pointer) {
    for (const { board } of this.panes) board?.showPointer(pointer);
  }

  hidePointer(label) {
    for (const { board } of this.panes) board?.hidePointer(label);
  }

  /** A study that came while the desk was open. */
  addStudy(study) {
    if (this.studies.some((one) => one.id === study.id)) return;
    this.studies.push(study);
    for (const pane of this.panes) pane.offer(study);
    this.settle();
    if (this.waiting?.study === study.id || this.waiting?.beside?.study === study.id) this.show(this.waiting);
    else if (this.studies.length === 1) this.panes[0].open(study.id);
  }

  /** What came, or grew, since the page was made. @param {any[]} studies */
  hear(studies) {
    for (const study of studies) {
      const known = this.studies.find((one) => one.id === study.id);
      if (known) known.pictures = study.pictures;
      else {
        this.addStudy(study);
        this.say(this.words.newStudy.replace("{what}", [study.name, study.at].filter(Boolean).join(" ")));
      }
      for (const pane of this.panes) pane.grown(study);
    }
  }

  addKeyImage(one) {
    this.strip.add(one);
  }

  removeKeyImage(id) {
    this.strip.remove(id);
  }

  /** Keep what is on the screen of the active pane, marks and all. It goes when there is a line. */
  async keep() {
    const { board, words } = this;
    if (!board || !this.keepAt || this.drawing) return;
    this.drawing = true;
    this.say(words.keeping);
    try {
      const canvas = await board.picture();
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
      const facts = await this.facts(board, blob);
      this.unsent += 1;
      this.sending = this.sending.then(() => this.send(facts, blob.size));
    } catch (error) {
      this.say(error.message || words.notKept);
    } finally {
      this.drawing = false;
    }
    await this.sending;
  }

  /** One after the other, in the order in which they were kept. */
  async send(facts, size) {
    const { words } = this;
    const headers = { "X-CSRFToken": this.csrf, Accept: "application/json" };
    const waits = () => this.say(words.unsent);
    const answer = await sendOnce(this.keepAt, { body: facts, headers, size, waits });
    this.unsent -= 1;
    if (!answer?.ok) return this.say(answer?.said.text || words.notKept);
    this.strip.add(answer.said);
    this.say(words.kept);
    this.tell("keyImage", answer.said);
  }

  async facts(board, blob) {
    const { newId } = await import("./marks.js");
    const { series, slice, ...view } = { ...board.state, picture: board.pictureName };
    const marks = board.onPicture.map(({ mark }) => mark);
    const form = new FormData();
    const words = [board.caption(), ...board.onPicture.flatMap(({ mark }) => board.describe(mark))];
    const facts = { client_id: newId(), study: this.panes[this.active].study, series, slice };
    for (const [name, value] of Object.entries(facts)) form.append(name, value);
    form.append("caption", words.join("; ").slice(0, 300));
    form.append("view", JSON.stringify(view));
    form.append("marks", JSON.stringify(marks));
    form.append("picture", blob, "key-image.jpg");
    return form;
  }

  /** What the server said; an Error with its sentence when it refused. */
  async post(address, body) {
    const headers = { "X-CSRFToken": this.csrf, Accept: "application/json" };
    const answer = await fetch(address, { method: "POST", body, headers, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) throw new Error((await answer?.json().catch(() => ({})))?.text || "");
    return answer.status === 204 ? {} : answer.json();
  }

  async dropKeyImage(one) {
    try {
      await this.post(one.remove, new FormData());
      this.strip.remove(one.id);
      this.say(this.words.gone);
      this.tell("keyImageGone", { id: one.id });
    } catch (error) {
      this.say(error.message || this.words.notKept);
    }
  }

  /** Go to where a key image was kept; its marks come with it. */
  goTo(one) {
    if (this.isLocked) return;
    for (const mark of one.marks) if (!this.marks.has(mark.id)) this.addMark(mark, { own: false });
    const state = { series: one.series, slice: one.slice, ...one.view };
    this.panes[this.active].open(one.study, state).then((came) => came && this.told(true));
  }

  say(text) {
    this.status.textContent = text;
  }

  // ---- markup ----

  key(event) {
    const field = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || field || !this.letterKeys) return;
    if (event.key.toLowerCase() !== "k" || !this.keepAt) return;
    event.preventDefault();
    this.keep();
  }

  button(name, sign, act, key = "") {
    const made = element("button", { type: "button", class: "btn btn--s", "data-desk-do": name }, icon(sign), this.words[name]);
    if (key) made.title = `${this.words[name]} (${key})`;
    if (key) made.setAttribute("aria-keyshortcuts", key);
    made.addEventListener("click", act);
    return made;
  }

  build() {
    const { words, panes } = this;
    this.splitter = this.button("sideBySide", "layers", () => this.split());
    this.linker = this.button("linked", "swap", () => this.setLinked(!this.linked));
    this.keeper = this.button("keyImage", "star", () => this.keep(), "K");
    this.keeper.hidden = !this.keepAt;
    this.sides = [0, 1].map((place) => {
      const made = element("button", { type: "button" }, `${place + 1}`);
      made.setAttribute("aria-label", words.side.replace("{n}", `${place + 1}`));
      made.addEventListener("click", () => this.activate(place));
      return made;
    });
    this.switcher = element("div", { class: "seg desk__sw", role: "group", "aria-label": words.sides }, ...this.sides);
    this.status = element("span", { class: "sub", role: "status" });
    const bar = element("div", { class: "desk__b" }, this.splitter, this.linker, this.switcher, this.keeper, this.status);
    this.places = element("div", { class: "desk__p" }, panes[0].host, panes[1].host);
    panes[1].host.hidden = true;
    this.strip = new Strip(words, { me: () => this.me, go: (one) => this.goTo(one), drop: (one) => this.dropKeyImage(one), mayDrop: Boolean(this.keepAt) });
    this.root.classList.add("desk");
    this.root.replaceChildren(bar, this.places, this.strip.root);
  }

  settle() {
    this.splitter.setAttribute("aria-pressed", `${this.two}`);
    this.linker.setAttribute("aria-pressed", `${this.linked}`);
    this.linker.hidden = this.switcher.hidden = !this.two;
    this.splitter.hidden = this.studies.length < 2 && (this.panes[0].board?.series?.length || 0) < 2;
    this.panes.forEach((pane, place) => {
      pane.host.classList.toggle("is-act", place === this.active);
      this.sides[place].setAttribute("aria-pressed", `${place === this.active}`);
      if (pane.board) pane.board.listens = place === this.active;
    });
  }

  close() {
    for (const pane of this.panes) pane.close();
    document.removeEventListener("keydown", this.onKey);
    removeEventListener("beforeunload", this.onUnload);
  }
}
