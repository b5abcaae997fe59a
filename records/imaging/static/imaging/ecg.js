/**
 * The ECG on its paper: a board (board.js) whose points are milliseconds and microvolts of a lead.
 *
 * @typedef {{from: number, speed: 25 | 50, gain: 5 | 10 | 20, layout: "grid" | "list",
 *   filter: boolean}} Paper seconds, mm/s, mm/mV
 */

import { Board } from "./board.js";
import { caliperDistance, drawCaliper, ecgLabel, measureEcg } from "./calipers.js";
import { Input } from "./input.js";
import { Ink } from "./marks.js";
import { drawGrid, drawTraces, isTwelve, lay, stripAt, StripProjection } from "./paper.js";
import { loadSamples, lowPass } from "./samples.js";
import { button, element } from "./toolbar.js";

const TRUE = 96 / 25.4; // CSS pixels a millimetre
const LEAST = 2.4; // pixels a millimetre; a smaller paper can't be read
const MOST = 6;
const MUSCLE = 40; // Hz
const DARK = { own: "#FFC83D", theirs: "#93C3FA" };
const LIGHT = { paper: "#FFF8F5", minor: "#F6DCD4", major: "#E9B5A7", trace: "#15202B", own: "#1D4E89", theirs: "#7A3E00", halo: "rgba(255,255,255,.85)" };
const TOOLS = [
  ["scroll", "move", "ecgMove", ""],
  ["time", "caliper", "caliperTime", "T"],
  ["march", "swap", "caliperMarch", "X"],
  ["amplitude", "ruler", "caliperVolt", "U"],
  ["arrow", "right", "arrow", "A"],
  ["point", "hand", "point", "P"],
];
const ACTS = [
  ["earlier", "left", "earlier", ""],
  ["later", "right", "later", ""],
  ["undo", "undo", "undo", "Z"],
  ["reset", "refresh", "reset", "0"],
];
const CHOICES = [
  ["speed", [[25, "25"], [50, "50 mm/s"]]],
  ["gain", [[5, "5"], [10, "10"], [20, "20 mm/mV"]]],
  ["layout", [["grid", "3×4+1"], ["list", "12×1"]]],
];
const HOME = { from: 0, speed: 25, gain: 10, layout: "grid", filter: false };
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

export class Ecg extends Board {
  /** @param {HTMLElement} root @param {{manifest: object, words: Record<string, string>, letterKeys?: boolean}} options */
  constructor(root, { manifest, words, letterKeys = true }) {
    super(words);
    this.manifest = manifest;
    this.recordings = manifest.ecgs;
    this.zoom = 1;
    this.strip = null;
    this.parts = this.build(root);
    this.colours = palette(root);
    const font = getComputedStyle(root).fontFamily;
    this.ink = new Ink(this.parts.ink.getContext("2d"), font);
    this.input = new Input(this, this.parts.port, { letterKeys });
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.parts.port);
    this.view = { series: this.recordings[0].uid, ...HOME };
    if (!isTwelve(this.recording.leads)) this.view.layout = "list";
    this.load();
    this.setTool("scroll");
  }

  // ---- state ----

  get state() {
    const { series, ...ecg } = this.view;
    return { series, slice: 0, ecg };
  }

  get recording() {
    return this.recordings.find((one) => one.uid === this.view.series);
  }

  get seconds() {
    return this.recording.samples / this.recording.rate;
  }

  show(state) {
    if (!this.recordings.some((one) => one.uid === state.series)) return;
    const before = this.view;
    this.view = { ...before, series: state.series, ...state.ecg };
    this.entered(before);
    this.draw();
  }

  entered(before) {
    if (before.series !== this.view.series) this.load();
    const last = Math.max(0, this.seconds - lay(this.view, this.recording.leads).seconds);
    this.view.from = clamp(this.view.from, 0, Math.ceil(last));
  }

  setSeries(uid) {
    if (this.recordings.some((one) => one.uid === uid)) this.change({ series: uid, from: 0 });
  }

  async load() {
    const { recording } = this;
    this.filtered = null;
    this.failed = false;
    if (recording.values) return this.draw();
    const address = this.manifest.urls.waveform.replace("{instance}", recording.instance);
    try {
      recording.values = await loadSamples(address, recording.leads);
    } catch {
      this.failed = true;
    }
    this.draw();
  }

  /** What is drawn: the samples as they came, unless somebody asked for the filter. */
  get shownValues() {
    const { recording, view } = this;
    if (!view.filter || !recording.values) return recording.values;
    this.filtered ??= recording.values.map((one) => lowPass(one, recording.rate, MUSCLE));
    return this.filtered;
  }

  // ---- what one can do ----

  act(name) {
    if (name === "undo") return this.undo();
    this.remember();
    const page = lay(this.view, this.recording.leads).seconds;
    if (name === "earlier") this.change({ from: this.view.from - page });
    if (name === "later") this.change({ from: this.view.from + page });
    if (name === "reset") {
      this.zoom = 1;
      this.change({ ...HOME, layout: isTwelve(this.recording.leads) ? "grid" : "list" });
    }
    this.setTool(this.tool);
  }

  /** Wheel and keys go along the recording, a second a step. */
  scrollBy(steps) {
    this.change({ from: Math.round(this.view.from + steps) });
  }

  panBy(dx, dy) {
    this.parts.port.scrollLeft -= dx;
    this.parts.port.scrollTop -= dy;
  }

  dragBy(dx, dy) {
    this.panBy(dx, dy);
  }

  /** The size on this screen alone. */
  zoomBy(factor) {
    this.zoom = clamp(this.zoom * factor, 1, 4);
    this.draw();
  }

  windowBy() {}

  preset() {}

  hover(at) {
    this.hovered = at;
  }

  // ---- marks ----

  get scale() {
    const fitting = this.parts.port.clientWidth / lay(this.view, this.recording.leads).width;
    return clamp(fitting, LEAST, MOST) * this.zoom;
  }

  project(at) {
    const { strips } = lay(this.view, this.recording.leads);
    if (at) this.strip = stripAt(strips, this.scale, at)(this.view.speed);
    return new StripProjection(this.strip || strips[0], this.view, this.scale);
  }

  where() {
    return { series: this.view.series, slice: 0 };
  }

  get shown() {
    return [...this.marks.values()].filter(({ mark }) => mark.series === this.view.series);
  }

  near(at) {
    const projection = this.project(at);
    const { name } = this.recording.leads[projection.strip.lead];
    return this.shown.find(({ mark, own }) => own && mark.extra?.lead === name && caliperDistance(mark, projection, at) < 12);
  }

  finish(draft) {
    const made = measureEcg(draft, this.recording.leads[this.strip.lead].name);
    this.parts.said.textContent = ecgLabel(made, this.words.perMinute).join(", ");
    return made;
  }

  // ---- drawing ----

  render() {
    const { parts, recording, view } = this;
    if (!parts.port.clientWidth) return;
    const laid = lay(view, recording.leads);
    const scale = this.scale;
    const [width, height] = [laid.width * scale, laid.height * scale];
    Object.assign(parts.sheet.style, { width: `${width}px`, height: `${height}px` });
    const context = this.fit(parts.picture, width, height);
    this.paint(context, this.fit(parts.ink, width, height), laid, scale, this.colours);
    for (const pointer of this.pointers.values()) {
      if (pointer.series !== view.series) continue;
      const strip = laid.strips.find((one) => pointer.x / 1000 >= one.from && pointer.x / 1000 <= one.from + one.seconds);
      if (strip) this.ink.pointer(pointer, new StripProjection(strip, view, scale));
    }
    if (this.cursor) this.ink.cross(this.cursor);
    this.write(laid, scale);
  }

  paint(context, over, laid, scale, colours) {
    const { recording, view, words } = this;
    drawGrid(context, laid, scale, colours);
    const values = this.shownValues;
    if (values) drawTraces(context, laid, { ...recording, values }, view, scale, colours, this.ink.font);
    const marks = this.draft ? [...this.shown, { mark: this.drafted(), own: true, author: "" }] : this.shown;
    const ink = Object.assign(Object.create(this.ink), { context: over, edge: laid.width * scale - 8, halo: colours.halo });
    for (const { mark, own, author } of marks) {
      for (const strip of laid.strips.filter((one) => this.holds(one, mark))) {
        const text = [...ecgLabel(mark, words.perMinute), ...(own || !author ? [] : [author])];
        drawCaliper(ink, mark, new StripProjection(strip, view, scale), own ? colours.own : colours.theirs, text);
      }
    }
  }

  drafted() {
    return measureEcg(this.draft, this.recording.leads[this.strip.lead].name);
  }

  holds(strip, mark) {
    const [a] = mark.points;
    const same = this.recording.leads[strip.lead].name === mark.extra?.lead;
    return same && a[0] / 1000 >= strip.from && a[0] / 1000 <= strip.from + strip.seconds;
  }

  /** The recording as a picture for paper, marks and all. */
  async picture() {
    const { view, recording } = this;
    const laid = lay(view, recording.leads);
    const canvas = document.createElement("canvas");
    const scale = 5;
    Object.assign(canvas, { width: laid.width * scale, height: laid.height * scale });
    const context = canvas.getContext("2d");
    this.paint(context, context, laid, scale, LIGHT);
    return canvas;
  }

  get onPicture() {
    const { strips } = lay(this.view, this.recording.leads);
    return this.shown.filter(({ mark }) => strips.some((strip) => this.holds(strip, mark)));
  }

  caption() {
    return fill(this.words.ecgSpoken, this.told);
  }

  describe(mark) {
    const text = ecgLabel(mark, this.words.perMinute).join(", ");
    return text ? [`${mark.extra.lead}: ${text}`] : [];
  }

  write(laid, scale) {
    const { parts, view, words, recording } = this;
    for (const group of parts.choices) {
      for (const one of group.children) {
        one.setAttribute("aria-pressed", `${`${view[group.dataset.choice]}` === one.dataset.value}`);
      }
    }
    parts.filter.setAttribute("aria-pressed", `${view.filter}`);
    const facts = {
      speed: view.speed,
      gain: view.gain,
      ms: 1000 / view.speed,
      mv: +(1 / view.gain).toFixed(2),
      share: Math.round((scale / TRUE) * 100),
      from: view.from,
      to: +Math.min(view.from + laid.seconds, this.seconds).toFixed(1),
      all: +this.seconds.toFixed(1),
      leads: recording.leads.length,
    };
    this.told = facts;
    const state = this.failed ? words.failed : recording.values ? "" : words.ecgComing;
    const filter = view.filter ? words.filterOn : words.filterOff;
    parts.scale.textContent = [state, fill(words.ecgScale, facts), filter, fill(words.ecgPart, facts)].filter(Boolean).join(" · ");
    parts.port.setAttribute("aria-label", fill(words.ecgSpoken, facts));
  }

  build(root) {
    const { words } = this;
    const tools = element("div", { class: "tools", role: "toolbar", "aria-label": words.ecgTools });
    for (const entry of TOOLS) tools.append(button(entry, words, (name) => this.setTool(name)));
    const choices = CHOICES.map(([name, values]) => this.choice(name, values));
    const filter = element("button", { type: "button", "aria-pressed": "false", class: "ekg__f" }, words.filter);
    filter.addEventListener("click", () => this.change({ filter: !this.view.filter }));
    tools.append(element("hr"), ...choices, filter, element("hr"));
    for (const entry of ACTS) tools.append(button(entry, words, (name) => this.act(name)));
    const picture = element("canvas", { "aria-hidden": "true" });
    const ink = element("canvas", { "aria-hidden": "true" });
    const sheet = element("div", { class: "ekg__p" }, picture, ink);
    const port = element("div", { class: "ekg", tabindex: "0", role: "group" }, sheet);
    const scale = element("p", { class: "ekg__s num" });
    const said = element("span", { class: "vh", role: "status" });
    const thumbs = element("div", { class: "thumbs", role: "group", "aria-label": words.series });
    if (this.recordings.length < 2) thumbs.hidden = true;
    this.recordings.forEach((one, place) => {
      const made = element("button", { type: "button", "data-series": one.uid }, element("span", { class: "cut" }, one.description || `${place + 1}`));
      made.addEventListener("click", () => this.setSeries(one.uid));
      thumbs.append(made);
    });
    root.classList.add("viewer");
    root.replaceChildren(tools, port, scale, said, thumbs);
    return { tools, port, sheet, picture, ink, scale, said, thumbs, choices, filter };
  }

  choice(name, values) {
    const group = element("div", { class: "seg", role: "group", "aria-label": this.words[`ecg_${name}`], "data-choice": name });
    for (const [value, text] of values) {
      const made = element("button", { type: "button", "data-value": value }, text);
      made.addEventListener("click", () => this.change({ [name]: value }));
      group.append(made);
    }
    return group;
  }
}

function palette(root) {
  const style = getComputedStyle(root);
  const names = { paper: "--ecg-paper", minor: "--ecg-minor", major: "--ecg-major", trace: "--ecg-trace" };
  const found = Object.fromEntries(Object.entries(names).map(([name, key]) => [name, style.getPropertyValue(key).trim() || LIGHT[name]]));
  const dark = document.documentElement.dataset.theme === "dark" || document.body.dataset.theme === "dark";
  return { ...(dark ? DARK : LIGHT), ...found };
}
