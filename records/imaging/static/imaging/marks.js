/** Measurements and pointers: their words, their drawing, their values. */

import { lengthOf, regionOf, spacingAt } from "./geometry.js";

const OWN = "#FFC83D";
const THEIRS = "#93C3FA";
const GUIDE = "#78D5A6";
const BARS = [1, 2, 5, 10, 20, 50, 100, 200]; // mm

/** A random UUID; crypto.randomUUID is younger than the oldest browser we serve. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Put the true values into a mark: millimetres, or the rescaled values inside. */
export function measure(mark, slice, frame) {
  const [a, b] = mark.points;
  if (mark.kind === "length") return { ...mark, ...lengthOf(slice, a, b), extra: {} };
  if (mark.kind === "region") {
    const found = frame && frame.samples === 1 ? regionOf(slice, frame.values, a, b) : null;
    return { ...mark, value: found ? found.mean : null, unit: slice.unit, extra: found || {} };
  }
  return { ...mark, value: null, unit: "", extra: mark.extra || {} };
}

/** What stands beside a mark. */
export function label(mark) {
  const { value, unit, extra, kind } = mark;
  if (kind === "arrow") return extra?.label ? [extra.label] : [];
  if (kind === "length" && value != null) return [`${value.toFixed(1)} ${unit}`];
  if (kind === "region" && value != null) {
    const digits = Math.abs(extra.max - extra.min) < 10 ? 1 : 0;
    return [
      `${value.toFixed(digits)} ± ${extra.sd.toFixed(digits)} ${unit}`.trim(),
      `${extra.min.toFixed(digits)} ~ ${extra.max.toFixed(digits)}`,
      `${extra.area.toFixed(extra.area < 100 ? 1 : 0)} ${extra.areaUnit}`,
    ];
  }
  return [];
}

/** Draws marks, pointers, scale and position; sizes are in CSS pixels, whatever the zoom. */
export class Ink {
  /** @param {CanvasRenderingContext2D} context */
  constructor(context, font) {
    this.context = context;
    this.font = font;
  }

  mark(mark, projection, { own, author }) {
    const colour = own ? OWN : THEIRS;
    const [a, b] = mark.points.map((point) => projection.toScreen(point));
    this.stroke(colour, () => {
      if (mark.kind === "region") this.ellipse(a, b);
      else if (mark.kind === "arrow") this.arrow(a, b);
      else this.ruler(a, b);
    });
    const words = own || !author ? label(mark) : [...label(mark), author];
    const right = mark.kind === "arrow" ? a : a[0] > b[0] ? a : b;
    const top = mark.kind === "region" ? Math.min(a[1], b[1]) + 12 : right[1] - 4;
    this.text(words, [right[0] + 8, top], colour);
  }

  /** Twice: a dark line under the bright one, so that it shows on any tissue. */
  stroke(colour, path) {
    const { context } = this;
    context.beginPath();
    path();
    for (const [style, width] of [[this.halo || "rgba(0,0,0,.75)", 3.5], [colour, 1.5]]) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.stroke();
    }
  }

  ruler([ax, ay], [bx, by]) {
    const far = Math.hypot(bx - ax, by - ay) || 1;
    const [nx, ny] = [((by - ay) / far) * 5, ((ax - bx) / far) * 5];
    const { context } = this;
    context.moveTo(ax, ay);
    context.lineTo(bx, by);
    for (const [x, y] of [[ax, ay], [bx, by]]) {
      context.moveTo(x - nx, y - ny);
      context.lineTo(x + nx, y + ny);
    }
  }

  ellipse([ax, ay], [bx, by]) {
    const [rx, ry] = [Math.abs(bx - ax) / 2, Math.abs(by - ay) / 2];
    this.context.ellipse((ax + bx) / 2, (ay + by) / 2, rx, ry, 0, 0, 2 * Math.PI);
  }

  /** From a to b, where the head is. */
  arrow([ax, ay], [bx, by]) {
    const { context } = this;
    const angle = Math.atan2(by - ay, bx - ax);
    context.moveTo(ax, ay);
    context.lineTo(bx, by);
    for (const turn of [2.6, -2.6]) {
      context.moveTo(bx, by);
      context.lineTo(bx + 12 * Math.cos(angle + turn), by + 12 * Math.sin(angle + turn));
    }
  }

  text(lines, [x, y], colour, align = "left") {
    const { context } = this;
    context.font = `600 13px ${this.font}`;
    context.textAlign = align;
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = this.halo || "rgba(0,0,0,.85)";
    context.fillStyle = colour;
    const widest = Math.max(0, ...lines.map((line) => context.measureText(line).width));
    const edge = this.edge || context.canvas.clientWidth - 8;
    const left = align === "left" ? Math.max(8, Math.min(x, edge - widest)) : x;
    lines.forEach((line, row) => {
      context.strokeText(line, left, y + row * 16);
      context.fillText(line, left, y + row * 16);
    });
  }

  /** Where the keys are. */
  cross([x, y]) {
    const { context } = this;
    this.stroke(OWN, () => {
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(x + dx * 4, y + dy * 4);
        context.lineTo(x + dx * 14, y + dy * 14);
      }
    });
  }

  /** Somebody's pointer, with the name. */
  pointer({ x, y, label: name }, projection) {
    const [px, py] = projection.toScreen([x, y]);
    const { context } = this;
    context.beginPath();
    for (const [dx, dy] of [[0, 0], [6, 17], [8.5, 9.5], [16, 7]]) context.lineTo(px + dx, py + dy);
    context.closePath();
    context.fillStyle = GUIDE;
    context.strokeStyle = "#05140C";
    context.lineWidth = 1;
    context.fill();
    context.stroke();
    this.text([name], [px + 14, py + 24], GUIDE);
  }

  /** A bar of a round number of millimetres, about a fifth of the picture's width. */
  scale(slice, projection, width, height) {
    const spacing = spacingAt(slice, [[slice.columns / 2, slice.rows / 2]]);
    if (!spacing) return;
    const pixel = projection.sx / spacing[1]; // screen pixels a millimetre
    const mm = BARS.filter((bar) => bar * pixel <= Math.max(width / 5, 40)).pop();
    if (!mm) return;
    const [left, y] = [(width - mm * pixel) / 2, height - 12];
    this.stroke("#C9D3DC", () => {
      for (const [x, dy] of [[left, -5], [left, 0]]) this.context.lineTo(x, y + dy);
      for (const dy of [0, -5]) this.context.lineTo(left + mm * pixel, y + dy);
    });
    this.text([mm >= 10 ? `${mm / 10} cm` : `${mm} mm`], [width / 2, y - 6], "#C9D3DC", "center");
  }

  /** Where in the stack this slice is. */
  position(index, count, width, height) {
    if (count < 2) return;
    const { context } = this;
    const [top, length] = [height * 0.3, height * 0.4];
    context.fillStyle = "rgba(114,130,145,.45)";
    context.fillRect(width - 7, top, 3, length);
    context.fillStyle = THEIRS;
    context.fillRect(width - 9, top + (index / (count - 1)) * (length - 12), 7, 12);
  }
}

/** How far a screen point is from a mark, in CSS pixels. */
export function distance(mark, projection, [x, y]) {
  const [[ax, ay], [bx, by]] = mark.points.map((point) => projection.toScreen(point));
  if (mark.kind === "region") {
    const [rx, ry] = [Math.abs(bx - ax) / 2 || 1, Math.abs(by - ay) / 2 || 1];
    const off = Math.hypot((x - (ax + bx) / 2) / rx, (y - (ay + by) / 2) / ry);
    return Math.abs(off - 1) * Math.min(rx, ry);
  }
  const far = (bx - ax) ** 2 + (by - ay) ** 2 || 1;
  const along = Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / far));
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
}
