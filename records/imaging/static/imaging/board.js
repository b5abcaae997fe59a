/**
 * What every viewer is: a view as one small state that can be sent to others, marks and pointers
 * on it, and a way back. Pictures (viewer.js) and ECGs (ecg.js) are boards.
 *
 * @typedef {{id: string, kind: string, series: string, slice: number, picture?: string,
 *   points: [number, number][], value: number | null, unit: string, extra: object}} Mark
 *
 * A series grows while it is looked at, and then the same slice has another number: what is sent or
 * kept names its picture as well.
 *
 * A board gives: project() with toImage and toScreen, where() with series, slice and picture, shown (its
 * marks on the screen), finish(draft) the mark made of a draft or null, entered(before) what a
 * change of the view asks for, render().
 *
 * Events, for what is done here only, never for what show() or addMark() brought:
 *   view {state, settled} · mark {mark} · unmark {id} · pointer {x, y, series, slice}
 */

import { askLabel } from "./label.js";
import { distance, newId } from "./marks.js";

const SETTLED = 150; // ms without a change
const POINTER = 50; // ms between pointer events
const UNDONE = 100; // steps that can be taken back
const SMALLEST = 3; // screen pixels; a shorter drag is a slip
const REACH = 12; // screen pixels around a mark that still mean it

const round = (value, digits = 0) => +value.toFixed(digits);

export class Board extends EventTarget {
  constructor(words) {
    super();
    this.words = words;
    this.locked = false;
    this.readOnly = false; // sees, and neither marks nor moves
    this.tool = "scroll";
    /** @type {Map<string, {mark: Mark, author: string, own: boolean}>} */
    this.marks = new Map();
    this.pointers = new Map();
    this.past = [];
    this.draft = null;
  }

  /** A copy. */
  get state() {
    return { ...this.view, pan: [...this.view.pan] };
  }

  /** The name of the picture that is looked at; "" where a series has no single ones. */
  get pictureName() {
    return "";
  }

  /** Whether that picture is among those that are here. @param {string} _picture */
  holds(_picture) {
    return true;
  }

  /** A state that names its picture, with the place that this picture has here. */
  placed({ picture: _picture, ...state }) {
    return state;
  }

  /** What the person here did to the view. Refused while following. */
  change(part) {
    if (this.locked || this.readOnly) return;
    const before = this.view;
    this.view = { ...before, ...part };
    this.entered(before);
    this.draw();
    this.changed = true;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.tell("view", { state: this.state, settled: true }), SETTLED);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** From here on it is only looked at: no tools, no keys, nothing of one's own. */
  freeze() {
    this.readOnly = true;
    this.input.close();
    this.parts.tools.hidden = true;
    this.parts.thumbs.hidden = true;
    this.parts.port.dataset.tool = "none";
  }

  /** Keep the present view, to come back to it with undo. */
  remember() {
    const view = this.view;
    this.past.push({ undo: () => this.change(view), view });
    if (this.past.length > UNDONE) this.past.shift();
  }

  /** Take back the last mark of one's own, or the last change of the view. */
  undo() {
    for (let last = this.past.pop(); last; last = this.past.pop()) {
      const idle = last.view && JSON.stringify(last.view) === JSON.stringify(this.view);
      if (idle || (last.mark && !this.marks.has(last.mark))) continue;
      last.undo();
      this.setTool(this.tool);
      return;
    }
  }

  /** Which button is down. @param {string} name */
  setTool(name) {
    this.tool = name;
    this.cursor = null;
    this.dropDraft();
    for (const one of this.parts.tools.querySelectorAll("[data-do]")) {
      const act = ["undo", "reset"].includes(one.dataset.do);
      const on = one.dataset.do === name || (one.dataset.do === "invert" && this.view.invert);
      if (!act) one.setAttribute("aria-pressed", `${on}`);
    }
    this.parts.port.dataset.tool = name;
  }

  /** Whether it has that tool. @param {string} name */
  knows(name) {
    return Boolean(this.parts.tools.querySelector(`[data-do="${name}"]:not([hidden])`));
  }

  // ---- marks and pointers ----

  /** Show a mark that is kept elsewhere, or was loaded. Nothing is told. */
  addMark(mark, { author = "", own = false } = {}) {
    this.marks.set(mark.id, { mark, author, own });
    this.draw();
  }

  removeMark(id) {
    this.marks.delete(id);
    this.draw();
  }

  /** @param {{series: string, slice: number, picture?: string, x: number, y: number, label: string}} pointer */
  showPointer(pointer) {
    this.pointers.set(pointer.label, pointer);
    this.draw();
  }

  hidePointer(label) {
    this.pointers.delete(label);
    this.draw();
  }

  startDraft(kind, at) {
    if (this.readOnly) return;
    const point = this.project(at).toImage(at);
    this.draft = { id: newId(), kind, ...this.where(), points: [point, point] };
  }

  moveDraft(at) {
    if (!this.draft) return;
    this.draft.points = [this.draft.points[0], this.project().toImage(at)];
    this.draw();
  }

  dropDraft() {
    this.draft = null;
    this.draw();
  }

  async endDraft(at) {
    this.moveDraft(at);
    const draft = this.draft;
    this.draft = null;
    if (!draft) return;
    const projection = this.project();
    const [a, b] = draft.points.map((point) => projection.toScreen(point));
    if (Math.hypot(b[0] - a[0], b[1] - a[1]) < SMALLEST) return this.draw();
    draft.points = draft.points.map((point) => point.map((value) => round(value, 2)));
    const mark = await this.finish(draft);
    if (!mark || (mark.kind !== "arrow" && mark.value == null)) return this.draw();
    this.addMark(mark, { own: true });
    this.past.push({ mark: mark.id, undo: () => this.unmark(mark.id) });
    this.tell("mark", { mark });
    if (mark.kind === "arrow") this.label(mark, a);
  }

  /** Ask what an arrow points at; it stands without words too. */
  label(mark, at) {
    askLabel(this.parts.port, at, mark.extra.label || "", this.words.arrowLabel, (text) => {
      if (!text || !this.marks.has(mark.id)) return;
      const named = { ...mark, extra: { ...mark.extra, label: text } };
      this.addMark(named, { own: true });
      this.tell("mark", { mark: named });
    });
  }

  unmark(id) {
    this.removeMark(id);
    this.tell("unmark", { id });
  }

  /** Delete: one's own mark under the mouse or the cursor. Says whether there was one. */
  removeNearest() {
    const at = this.cursor || this.hovered;
    if (!at) return false;
    const near = this.near(at);
    if (near) this.unmark(near.mark.id);
    return Boolean(near);
  }

  near(at) {
    const projection = this.project(at);
    return this.shown.find(({ mark, own }) => own && distance(mark, projection, at) < REACH);
  }

  /** Tell where the pointer is, at most every POINTER ms; the last place is always told. */
  point(at) {
    const [x, y] = this.project(at).toImage(at).map((value) => round(value, 1));
    this.pointing = { x, y, ...this.where() };
    if (this.pausing) return;
    const send = () => {
      this.pausing = 0;
      if (!this.pointing) return;
      this.tell("pointer", this.pointing);
      this.pointing = null;
      this.pausing = setTimeout(send, POINTER);
    };
    send();
  }

  /** By keys: the drawing tool's place on the screen; from the middle on. */
  moveCursor(dx, dy) {
    const { clientWidth, clientHeight, scrollWidth, scrollHeight } = this.parts.port;
    const [x, y] = this.cursor || [clientWidth / 2, clientHeight / 2];
    this.cursor = [
      Math.max(0, Math.min(scrollWidth, x + dx)),
      Math.max(0, Math.min(scrollHeight, y + dy)),
    ];
    if (this.draft) this.moveDraft(this.cursor);
    else this.draw();
  }

  /** By keys: the first press begins a mark, the second ends it. */
  pressCursor() {
    if (!this.cursor) return this.moveCursor(0, 0);
    if (this.draft) this.endDraft(this.cursor);
    else this.startDraft(this.tool, this.cursor);
    this.draw();
  }

  // ---- drawing ----

  /** Once an animation frame, however often it is asked for. */
  draw() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      this.render();
      if (!this.changed) return;
      this.changed = false;
      this.tell("view", { state: this.state, settled: false });
    });
  }

  fit(canvas, width, height) {
    const ratio = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }

  /** Let go of everything outside the board's own element. */
  close() {
    this.input.close();
    this.sizes.disconnect();
    clearTimeout(this.quiet);
    clearTimeout(this.pausing);
    cancelAnimationFrame(this.drawing);
  }
}
