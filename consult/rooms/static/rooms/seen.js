/**
 * What a guest of the room sees: the pictures that are led, to look at only, and the key images that
 * were shared. The server is asked what is shown each time another series comes; when nobody leads,
 * nothing stays.
 *
 * A viewer as shared.js takes it; nothing is told from here.
 */

import { element } from "../imaging/toolbar.js";

const SOON = 80; // ms; a log that is read again ends in one question
const AGAIN = 3000; // ms until a line that broke is tried again

const whole = (uid) => String(uid || "").split("#")[0];
const sidesOf = (state) => (state ? [state, state.beside].filter(Boolean) : []);
/** What must be asked for anew when it changes. */
const keyOf = (state) => sidesOf(state).map((one) => `${one.study} ${whole(one.series)}`).join(" | ");

export class Seen extends EventTarget {
  /** @param {HTMLElement} root @param {{at: string, words: Record<string, string>, says: Record<string, string>}} options the
   *   viewer's words, and the room's */
  constructor(root, { at, words, says }) {
    super();
    Object.assign(this, { root, at, words, says, state: null, key: "", leader: "", turn: 0 });
    /** @type {any[]} what is on the screen */
    this.boards = [];
    this.marks = new Map();
    this.keyImages = new Map();
    this.pointers = new Map();
    this.places = element("div", { class: "desk__p" });
    this.said = element("p", { class: "empty" });
    this.strip = element("ul", { class: "kstrip", "aria-label": words.keyImages });
    this.strip.hidden = true;
    root.replaceChildren(this.said, this.places, this.strip);
    this.clear(says.wait_shown);
  }

  // ---- what is shown ----

  /** Who leads: with another leader, or none, what was shown is gone. @param {string} leader */
  led(leader) {
    if (leader === this.leader) {
      if (this.state && !this.key) this.show(this.state); // back on the line
      return;
    }
    this.leader = leader;
    this.state = null;
    clearTimeout(this.soon);
    this.clear(leader ? this.words.waiting : this.says.wait_shown);
  }

  /** A view at rest. @param {any} state */
  show(state) {
    this.state = state;
    if (this.key && this.key === keyOf(state) && this.holds(state)) return this.apply(state);
    clearTimeout(this.soon);
    this.soon = window.setTimeout(() => this.ask(), SOON);
  }

  /** A view that only passes; one of another series waits until it rests. @param {any} state */
  passed(state) {
    if (this.key && this.key === keyOf(state) && this.holds(state)) this.apply(state);
  }

  /** Whether the pictures of that view are here; a series may have grown. */
  holds(state) {
    return sidesOf(state).every(({ picture }, place) => this.boards[place]?.holds(picture));
  }

  apply(state) {
    sidesOf(state).forEach((one, place) => {
      const { study: _study, beside: _beside, linked: _linked, turn: _turn, ...view } = one;
      const board = this.boards[place];
      board?.show(board.placed(view));
    });
  }

  async ask() {
    const turn = ++this.turn;
    const { state } = this;
    if (!state || !this.leader) return;
    let views;
    try {
      const answer = await fetch(this.at, { credentials: "same-origin", redirect: "error", cache: "no-store" });
      if (!answer.ok) return this.clear(this.words.waiting);
      ({ views } = await answer.json());
      if (turn === this.turn && state === this.state) await this.draw(state, views, turn);
    } catch {
      if (turn !== this.turn) return;
      this.clear(this.says.shown_failed);
      this.soon = window.setTimeout(() => this.ask(), AGAIN);
    }
  }

  async draw(state, views, turn) {
    const sides = sidesOf(state).map((one) => [one, views.find((view) => view.study === one.study && whole(one.series) === view.series)]);
    const [{ Viewer }, { Ecg }] = await Promise.all([import("../imaging/viewer.js"), import("../imaging/ecg.js")]);
    if (turn !== this.turn) return;
    this.clear(this.words.waiting);
    if (sides.some(([, view]) => !view)) return; // the next view that rests is asked for
    this.said.hidden = true;
    this.places.classList.toggle("vps", sides.length > 1);
    for (const [, { manifest }] of sides) {
      const port = element("div", {});
      this.places.append(element("section", { class: "pane-v", "aria-label": `${this.boards.length + 1}` }, port));
      const board = new (manifest.series.length ? Viewer : Ecg)(port, { manifest, words: this.words, letterKeys: false });
      board.freeze();
      for (const { mark, facts } of this.marks.values()) board.addMark(mark, facts);
      this.boards.push(board);
    }
    this.key = keyOf(state);
    this.apply(this.state);
  }

  /** Nothing is left of what was shown; why is said. @param {string} text */
  clear(text) {
    this.turn++;
    this.key = "";
    for (const board of this.boards) board.close();
    this.boards = [];
    this.places.replaceChildren();
    this.said.textContent = text;
    this.said.hidden = false;
  }

  // ---- marks, pointers, key images ----

  addMark(mark, { author = "" } = {}) {
    const facts = { author, own: false };
    this.marks.set(mark.id, { mark, facts });
    for (const board of this.boards) board.addMark(mark, facts);
  }

  removeMark(id) {
    this.marks.delete(id);
    for (const board of this.boards) board.removeMark(id);
  }

  showPointer(pointer) {
    for (const board of this.boards) board.showPointer(pointer);
  }

  hidePointer(label) {
    for (const board of this.boards) board.hidePointer(label);
  }

  addKeyImage(one) {
    if (this.keyImages.has(one.id)) return;
    const picture = element("img", { src: one.picture, alt: one.caption, height: 72 });
    const item = element("li", { "data-key-image": one.id }, element("a", { href: one.picture, target: "_blank", class: "kstrip__o", title: one.caption }, picture));
    this.keyImages.set(one.id, item);
    this.strip.append(item);
    this.strip.hidden = false;
  }

  removeKeyImage(id) {
    this.keyImages.get(id)?.remove();
    this.keyImages.delete(id);
    this.strip.hidden = this.keyImages.size === 0;
  }

  /** What was opened comes with the view that rests on it. */
  addStudy() {}
}
