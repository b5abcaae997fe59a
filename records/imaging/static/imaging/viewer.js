/**
 * The light DICOM viewer: a board (board.js) of pictures. It shows the stacks of a manifest
 * (records.imaging.manifest).
 *
 * @typedef {{series: string, slice: number, centre: number, width: number, zoom: number,
 *   pan: [number, number], invert: boolean}} State zoom 1 fits the picture; pan is in image pixels
 */

import { Board } from "./board.js";
import { corners, probed, spoken, told } from "./corners.js";
import { Frames } from "./frames.js";
import { Projection } from "./geometry.js";
import { Input } from "./input.js";
import { Painter } from "./lut.js";
import { Ink, label, measure } from "./marks.js";
import { build, showMeasuring, showPresets, showSeries } from "./toolbar.js";

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
const round = (value, digits = 0) => +value.toFixed(digits);

export class Viewer extends Board {
  /**
   * @param {HTMLElement} root emptied, and filled
   * @param {{manifest: object, words: Record<string, string>, letterKeys?: boolean}} options
   */
  constructor(root, { manifest, words, letterKeys = true }) {
    super(words);
    this.manifest = manifest;
    this.series = manifest.series.map((one) => ({
      ...one,
      slices: one.slices.map((slice) => ({ ...one.common, ...slice })),
    }));
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
    const { first } = manifest;
    const { centre, width } = this.view;
    if (first && Frames.key(first) === Frames.key(this.slice)) this.frames.take(this.slice, centre, width, first.picture);
    this.enter();
    this.setTool("scroll");
  }

  // ---- state ----

  get stack() {
    return this.series.find((one) => one.uid === this.view.series);
  }

  get slice() {
    return this.stack.slices[this.view.slice];
  }

  get count() {
    return this.stack.slices.length;
  }

  get pictureName() {
    return Frames.key(this.slice);
  }

  /** Where that picture is: series and number; null where it is not here. @param {string} picture */
  find(picture) {
    for (const { uid, slices } of this.series) {
      const slice = slices.findIndex((one) => Frames.key(one) === picture);
      if (slice >= 0) return { series: uid, slice };
    }
    return null;
  }

  holds(picture) {
    return !picture || this.find(picture) !== null;
  }

  placed({ picture, ...state }) {
    return { ...state, ...(picture && this.find(picture)) };
  }

  /** Whether a mark or a pointer is on the picture that is looked at. */
  isHere({ series, slice, picture }) {
    if (picture) return picture === this.pictureName;
    return series === this.view.series && slice === this.view.slice;
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

  entered(before) {
    if (before.series !== this.view.series) this.enter();
    else if (before.slice !== this.view.slice) this.look();
  }

  enter() {
    const { parts, stack, words } = this;
    showPresets(parts, stack, words, (place) => this.preset(place));
    showMeasuring(parts, stack);
    if (!this.knows(this.tool)) this.setTool("scroll");
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

  act(name) {
    if (name === "undo") return this.undo();
    this.remember();
    if (name === "invert") this.change({ invert: !this.view.invert });
    if (name === "reset") this.change({ ...this.home(this.stack), slice: this.view.slice });
    this.setTool(this.tool);
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

  // ---- marks ----

  where() {
    return { series: this.view.series, slice: this.view.slice, picture: this.pictureName };
  }

  /** A region waits for the exact frame: values are never read from a preview. */
  async finish(draft) {
    const { slice } = this;
    const frame = draft.kind === "region" ? await this.frames.load(slice).catch(() => null) : null;
    return measure(draft, slice, frame);
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
    return [...this.marks.values()].filter(({ mark }) => this.isHere(mark));
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
      if (this.isHere(pointer)) ink.pointer(pointer, projection);
    }
    if (this.cursor) ink.cross(this.cursor);
  }

  /** The slice as a picture for paper: the exact frame through this window, marks drawn in. */
  async picture() {
    const { slice, view } = this;
    const marks = this.onPicture;
    const frame = await this.frames.load(slice);
    const source = document.createElement("canvas");
    new Painter().paint(frame, slice, view, source);
    const flat = new Projection(slice, { zoom: 1, pan: [0, 0] }, 1, 1);
    const side = Math.min(1024, Math.max(640, slice.columns, slice.rows));
    const factor = side / Math.max(slice.columns * flat.sx, slice.rows * flat.sy);
    const [width, height] = [slice.columns * flat.sx * factor, slice.rows * flat.sy * factor].map(Math.round);
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    context.drawImage(source, 0, 0, width, height);
    const ink = new Ink(context, this.ink.font);
    ink.edge = width - 8;
    const projection = new Projection(slice, { zoom: 1, pan: [0, 0] }, width, height);
    for (const { mark } of marks) ink.mark(mark, projection, { own: true });
    return canvas;
  }

  get onPicture() {
    return this.shown;
  }

  caption() {
    const { view, stack, words, count } = this;
    return spoken({ view, stack, words, count }, this.windowName());
  }

  describe(mark) {
    return label(mark);
  }

  windowName() {
    const { stack, view, words } = this;
    const named = stack.presets.find(({ centre, width }) => centre === view.centre && width === view.width);
    return named ? words[named.word] : "";
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
    told(parts.told, { frame, failed, slice, stack, words, preview: this.preview }, () => this.look());
  }

  /** The value under the mouse, from the exact frame only. */
  probe() {
    const { slice, words, hovered } = this;
    const frame = this.frames.find(slice);
    const at = hovered && frame ? this.project().toImage(hovered).map(Math.floor) : null;
    probed(this.parts.corners.br, { slice, words, frame, at });
  }

  close() {
    super.close();
    this.frames.close();
    clearTimeout(this.soon);
  }
}
