/**
 * The light DICOM viewer. It shows a manifest (records.imaging.manifest), keeps its view as one
 * small state that can be sent to others, and tells what the person at it does.
 *
 * @typedef {{series: string, slice: number, centre: number, width: number, zoom: number,
 *   pan: [number, number], invert: boolean}} State zoom 1 fits the picture; pan is in image pixels
 * @typedef {{id: string, kind: "length" | "region" | "arrow", series: string, slice: number,
 *   points: [number, number][], value: number | null, unit: string, extra: object}} Mark
 *
 * Events, for what is done here only, never for what show() or addMark() brought:
 *   view {state, settled} · mark {mark} · unmark {id} · pointer {x, y, series, slice}
 */

import { corners, probed, spoken, told } from "./corners.js";
import { Frames } from "./frames.js";
import { Projection } from "./geometry.js";
import { Input } from "./input.js";
import { Painter } from "./lut.js";
import { distance, Ink, measure, newId } from "./marks.js";
import { build, showPresets, showSeries } from "./toolbar.js";

const SETTLED = 150; // ms without a change
const POINTER = 50; // ms between pointer events
const UNDONE = 100; // steps that can be taken back
const SMALLEST = 3; // screen pixels; a shorter drag is a slip
const REACH = 12; // screen pixels around a mark that still mean it

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
const round = (value, digits = 0) => +value.toFixed(digits);

export class Viewer extends EventTarget {
  /**
   * @param {HTMLElement} root emptied, and filled
   * @param {{manifest: object, words: Record<string, string>, letterKeys?: boolean}} options
   */
  constructor(root, { manifest, words, letterKeys = true }) {
    super();
    this.manifest = manifest;
    this.words = words;
    this.series = manifest.series.map((one) => ({
      ...one,
      slices: one.slices.map((slice) => ({ ...one.common, ...slice })),
    }));
    this.locked = false;
    this.tool = "scroll";
    /** @type {Map<string, {mark: Mark, author: string, own: boolean}>} */
    this.marks = new Map();
    this.pointers = new Map();
    this.past = [];
    this.draft = null;
    this.painter = new Painter();
    this.raster = document.createElement("canvas"); // the frame in its own size
    this.frames = new Frames(manifest.urls, () => this.draw());
    this.parts = build(root, words, {
      modality: manifest.study.modality,
      tool: (name) => this.setTool(name),
      act: (name) => this.act(name),
    });
    this.ink = new Ink(this.parts.ink.getContext("2d"), getComputedStyle(root).fontFamily);
    this.input = new Input(this, this.parts.port, { letterKeys });
    showSeries(this.parts, this.series, (slice) => `${this.frames.address("preview", slice)}?size=128`, (uid) =>
      this.setSeries(uid),
    );
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.parts.port);
    this.view = this.home(this.series[0]);
    this.enter();
    this.setTool("scroll");
  }

  // ---- state ----

  /** @returns {State} a copy */
  get state() {
    return { ...this.view, pan: [...this.view.pan] };
  }

  get stack() {
    return this.series.find((one) => one.uid === this.view.series);
  }

  get slice() {
    return this.stack.slices[this.view.slice];
  }

  get count() {
    return this.stack.slices.length;
  }

  /** How a series looks when it is opened: its middle, its own window, all of it. */
  home(series) {
    const slice = series.slices.length >> 1;
    const [centre, width] = series.slices[slice].window || [128, 256];
    return { series: series.uid, slice, centre, width, zoom: 1, pan: [0, 0], invert: false };
  }

  /** Apply a state that came from elsewhere. Nothing is told to anybody. */
  show(state) {
    if (!this.series.some((one) => one.uid === state.series)) return;
    const before = this.view;
    this.view = { ...before, ...state, pan: [...(state.pan || before.pan)] };
    this.view.slice = clamp(this.view.slice, 0, this.count - 1);
    if (before.series !== this.view.series) this.enter();
    else this.look();
  }

  /** What the person here did to the view. Refused while following. */
  change(part) {
    if (this.locked) return;
    const before = this.view;
    this.view = { ...before, ...part };
    if (before.series !== this.view.series) this.enter();
    else if (before.slice !== this.view.slice) this.look();
    this.draw();
    this.changed = true;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.tell("view", { state: this.state, settled: true }), SETTLED);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Keep the present view, to come back to it with undo. */
  remember() {
    const view = this.view;
    this.past.push({ undo: () => this.change(view), view });
    if (this.past.length > UNDONE) this.past.shift();
  }

  enter() {
    const { parts, stack, words } = this;
    showPresets(parts, stack, words, (place) => this.preset(place));
    for (const [place, edge] of Object.entries({ L: "left", R: "right", T: "top", B: "bottom" })) {
      parts.corners[place].textContent = stack.letters[edge];
    }
    for (const one of parts.thumbs.children) {
      one.setAttribute("aria-pressed", `${one.dataset.series === stack.uid}`);
    }
    this.look();
  }

  /** Fetch what the present slice needs: a preview where the line is slow, then the frame. */
  look() {
    const { slice, stack, view } = this;
    this.preview = null;
    clearTimeout(this.soon);
    if (!this.frames.find(slice) && !slice.whyNot && !this.frames.quick) {
      const exact = () => this.slice === slice && this.frames.focus(stack.slices, view.slice);
      this.frames.preview(slice, view.centre, view.width).then((picture) => {
        if (this.slice !== slice) return;
        this.preview = picture;
        this.draw();
        this.soon = setTimeout(exact, 40); // not for slices that are only passed
      });
    } else {
      this.frames.focus(stack.slices, view.slice);
    }
    this.draw();
  }

  // ---- what one can do ----

  /** @param {string} uid of a series or one of its stacks */
  setSeries(uid) {
    const series = this.series.find((one) => one.uid === uid);
    if (series && uid !== this.view.series) this.change(this.home(series));
  }

  /** @param {"scroll" | "window" | "zoom" | "pan" | "point" | "length" | "region" | "arrow"} name */
  setTool(name) {
    this.tool = name;
    this.dropDraft();
    for (const one of this.parts.tools.querySelectorAll("[data-do]")) {
      const act = ["undo", "reset"].includes(one.dataset.do);
      const on = one.dataset.do === name || (one.dataset.do === "invert" && this.view.invert);
      if (!act) one.setAttribute("aria-pressed", `${on}`);
    }
    this.parts.port.dataset.tool = name;
  }

  act(name) {
    if (name === "undo") return this.undo();
    this.remember();
    if (name === "invert") this.change({ invert: !this.view.invert });
    if (name === "reset") this.change({ ...this.home(this.stack), slice: this.view.slice });
    this.setTool(this.tool);
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

  preset(place) {
    const preset = this.stack.presets[place];
    if (!preset) return;
    this.remember();
    this.change({ centre: preset.centre, width: preset.width });
  }

  scrollBy(steps) {
    this.change({ slice: clamp(this.view.slice + steps, 0, this.count - 1) });
  }

  /** Right is wider, down is darker; a narrow window moves slowly. */
  windowBy(dx, dy) {
    const step = Math.max(this.view.width, 20) / 250;
    const width = Math.max(1, this.view.width + dx * step);
    this.change({ width: round(width, 1), centre: round(this.view.centre + dy * step, 1) });
  }

  /** Around a point of the screen, which stays where it is; else around the middle. */
  zoomBy(factor, around) {
    const zoom = clamp(this.view.zoom * factor, 0.25, 20);
    const point = around ? this.project().toImage(around) : null;
    const pan = [...this.view.pan];
    if (point) {
      const keep = 1 - this.view.zoom / zoom;
      pan[0] += (point[0] - this.slice.columns / 2 - pan[0]) * keep;
      pan[1] += (point[1] - this.slice.rows / 2 - pan[1]) * keep;
    }
    this.change({ zoom, pan });
  }

  panBy(dx, dy) {
    const { sx, sy } = this.project();
    const [x, y] = this.view.pan;
    const { columns, rows } = this.slice;
    this.change({
      pan: [clamp(x - dx / sx, -columns / 2, columns / 2), clamp(y - dy / sy, -rows / 2, rows / 2)],
    });
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

  /** @param {{series: string, slice: number, x: number, y: number, label: string}} pointer */
  showPointer(pointer) {
    this.pointers.set(pointer.label, pointer);
    this.draw();
  }

  hidePointer(label) {
    this.pointers.delete(label);
    this.draw();
  }

  startDraft(kind, at) {
    const point = this.project().toImage(at);
    const { series, slice } = this.view;
    this.draft = { id: newId(), kind, series, slice, points: [point, point] };
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

  /** A region waits for the exact frame: values are never read from a preview. */
  async endDraft(at) {
    this.moveDraft(at);
    const draft = this.draft;
    this.draft = null;
    if (!draft) return;
    const [a, b] = draft.points.map((point) => this.project().toScreen(point));
    if (Math.hypot(b[0] - a[0], b[1] - a[1]) < SMALLEST) return this.draw();
    const slice = this.slice;
    draft.points = draft.points.map((point) => point.map((value) => round(value, 2)));
    const frame = draft.kind === "region" ? await this.frames.load(slice).catch(() => null) : null;
    const mark = measure(draft, slice, frame);
    if (mark.kind !== "arrow" && mark.value == null) return this.draw();
    this.addMark(mark, { own: true });
    this.past.push({ mark: mark.id, undo: () => this.unmark(mark.id) });
    this.tell("mark", { mark });
  }

  unmark(id) {
    this.removeMark(id);
    this.tell("unmark", { id });
  }

  /** Delete: one's own mark under the mouse. Says whether there was one. */
  removeNearest() {
    if (!this.hovered) return false;
    const projection = this.project();
    const near = this.shown.find(
      ({ mark, own }) => own && distance(mark, projection, this.hovered) < REACH,
    );
    if (near) this.unmark(near.mark.id);
    return Boolean(near);
  }

  /** Tell where the pointer is, at most every POINTER ms; the last place is always told. */
  point(at) {
    const [x, y] = this.project().toImage(at).map((value) => round(value, 1));
    this.pointing = { x, y, series: this.view.series, slice: this.view.slice };
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

  hover(at) {
    this.hovered = at;
    this.probe();
  }

  // ---- drawing ----

  project() {
    const { clientWidth, clientHeight } = this.parts.port;
    return new Projection(this.slice, this.view, clientWidth, clientHeight);
  }

  get shown() {
    const { series, slice } = this.view;
    return [...this.marks.values()].filter(
      ({ mark }) => mark.series === series && mark.slice === slice,
    );
  }

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

  render() {
    const { clientWidth: width, clientHeight: height } = this.parts.port;
    if (!width || !height) return;
    const projection = this.project();
    const frame = this.frames.find(this.slice);
    this.renderPicture(projection, frame, this.fit(this.parts.picture, width, height));
    this.renderInk(projection, this.fit(this.parts.ink, width, height), width, height);
    this.renderWords(frame);
    this.probe();
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

  renderPicture(projection, frame, context) {
    const { slice, raster } = this;
    const source = frame ? raster : this.preview;
    if (frame) this.painter.paint(frame, slice, this.view, raster);
    if (!source) return;
    context.imageSmoothingEnabled = projection.sx < 6; // from there on, true pixels
    context.imageSmoothingQuality = "high";
    const [left, top] = projection.toScreen([0, 0]);
    const [w, h] = [slice.columns * projection.sx, slice.rows * projection.sy];
    context.drawImage(source, left, top, w, h);
  }

  renderInk(projection, context, width, height) {
    const { ink, slice, view } = this;
    ink.scale(slice, projection, width, height);
    ink.position(view.slice, this.count, width, height);
    for (const { mark, own, author } of this.shown) ink.mark(mark, projection, { own, author });
    if (this.draft) {
      const live = this.draft.kind === "region" ? this.frames.find(slice) : null;
      ink.mark(measure(this.draft, slice, live), projection, { own: true });
    }
    for (const pointer of this.pointers.values()) {
      const here = pointer.series === view.series && pointer.slice === view.slice;
      if (here) ink.pointer(pointer, projection);
    }
  }

  renderWords(frame) {
    const { view, slice, stack, parts, words } = this;
    const facts = { view, slice, stack, words, count: this.count, manifest: this.manifest };
    const place = stack.presets.findIndex(
      ({ centre, width }) => centre === view.centre && width === view.width,
    );
    const named = place < 0 ? "" : words[stack.presets[place].word];
    corners(parts.corners, facts, named);
    [...parts.presets.children].forEach((one, n) => one.setAttribute("aria-pressed", `${n === place}`));
    parts.port.setAttribute("aria-label", spoken(facts, named));
    const failed = this.frames.failed.has(Frames.key(slice));
    told(parts.told, { frame, failed, slice, words, preview: this.preview }, () => this.look());
  }

  /** The value under the mouse, from the exact frame only. */
  probe() {
    const { slice, words, hovered } = this;
    const frame = this.frames.find(slice);
    const at = hovered && frame ? this.project().toImage(hovered).map(Math.floor) : null;
    probed(this.parts.corners.br, { slice, words, frame, at });
  }

  /** Let go of everything outside the viewer's own element. */
  close() {
    this.input.close();
    this.frames.close();
    this.sizes.disconnect();
    clearTimeout(this.quiet);
    clearTimeout(this.soon);
    clearTimeout(this.pausing);
    cancelAnimationFrame(this.drawing);
  }
}
