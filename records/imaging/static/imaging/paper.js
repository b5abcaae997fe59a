/**
 * ECG paper: where each lead lies, in millimetres, and how it is drawn. A small square is 1 mm.
 *
 * @typedef {{lead: number, from: number, seconds: number, x: number, y: number, rhythm: boolean}}
 *   Strip a stretch of one lead: its left end and its zero line in mm, its time in seconds
 */

export const TRACE = 250; // mm of trace a line
const LEFT = 12; // mm before it: the calibration pulse
const RIGHT = 3;
const EDGE = 5; // mm above and below
const ROW = { grid: 30, list: 15 }; // mm a line
const COLUMNS = [["I", "II", "III"], ["aVR", "aVL", "aVF"], ["V1", "V2", "V3"], ["V4", "V5", "V6"]];

/** Whether all twelve leads are there, so that they can stand in four columns. */
export function isTwelve(leads) {
  return COLUMNS.flat().every((name) => leads.some((lead) => lead.name === name));
}

/** @returns {{strips: Strip[], width: number, height: number, seconds: number}} in mm; seconds a line */
export function lay(view, leads) {
  const seconds = TRACE / view.speed;
  const grid = view.layout === "grid" && isTwelve(leads);
  const row = grid ? ROW.grid : ROW.list;
  const strips = [];
  const add = (lead, column, columns, line, rhythm = false) =>
    strips.push({
      lead,
      rhythm,
      from: view.from + (column * seconds) / columns,
      seconds: seconds / columns,
      x: LEFT + (column * TRACE) / columns,
      y: EDGE + row * (line + 0.5),
    });
  if (grid) {
    const place = (name) => leads.findIndex((lead) => lead.name === name);
    COLUMNS.forEach((names, column) => names.forEach((name, line) => add(place(name), column, 4, line)));
    add(place("II"), 0, 1, 3, true);
  } else {
    leads.forEach((_lead, line) => add(line, 0, 1, line));
  }
  const lines = grid ? 4 : leads.length;
  return { strips, seconds, width: LEFT + TRACE + RIGHT, height: lines * row + 2 * EDGE, row };
}

/** Milliseconds and microvolts of one strip on a canvas with `scale` pixels a millimetre. */
export class StripProjection {
  constructor(strip, view, scale) {
    Object.assign(this, { strip, view, scale });
  }

  toScreen([ms, microvolts]) {
    const { strip, view, scale } = this;
    const x = strip.x + (ms / 1000 - strip.from) * view.speed;
    return [x * scale, (strip.y - (microvolts / 1000) * view.gain) * scale];
  }

  toImage([px, py]) {
    const { strip, view, scale } = this;
    const ms = ((px / scale - strip.x) / view.speed + strip.from) * 1000;
    return [ms, ((strip.y - py / scale) / view.gain) * 1000];
  }
}

/** The strip under a point of the screen; the nearest when it lies between two. */
export function stripAt(strips, scale, [px, py]) {
  const [x, y] = [px / scale, py / scale];
  const off = (strip, speed) => {
    const right = strip.x + strip.seconds * speed;
    return Math.abs(y - strip.y) + 4 * Math.max(strip.x - x, x - right, 0);
  };
  return (speed) => strips.reduce((best, one) => (off(one, speed) < off(best, speed) ? one : best));
}

/** Squares of 1 and 5 mm. */
export function drawGrid(context, { width, height }, scale, colours) {
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, width * scale, height * scale);
  for (const [step, colour, thick] of [[1, colours.minor, 0.5], [5, colours.major, 0.9]]) {
    if (step * scale < 2) continue;
    context.beginPath();
    for (let x = 0; x <= width; x += step) {
      context.moveTo(x * scale, 0);
      context.lineTo(x * scale, height * scale);
    }
    for (let y = 0; y <= height; y += step) {
      context.moveTo(0, y * scale);
      context.lineTo(width * scale, y * scale);
    }
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.stroke();
  }
}

/** The traces, their names, and before each line a pulse of 1 mV and 200 ms. */
export function drawTraces(context, { strips, row }, ecg, view, scale, colours, font) {
  context.strokeStyle = colours.trace;
  context.fillStyle = colours.trace;
  context.lineJoin = "round";
  context.lineWidth = Math.max(1, scale / 4);
  context.font = `600 ${Math.max(10, Math.min(14, 3.6 * scale))}px ${font}`;
  context.textAlign = "left";
  for (const strip of strips) {
    const projection = new StripProjection(strip, view, scale);
    const { name } = ecg.leads[strip.lead];
    if (strip.x === LEFT) pulse(context, strip, view, scale);
    trace(context, ecg.values[strip.lead], ecg.rate, projection);
    const above = Math.min(row * 0.42, 11) * scale;
    context.fillText(name, strip.x * scale + 2, strip.y * scale - above + 4);
  }
}

function pulse(context, strip, view, scale) {
  const [x, y, up, wide] = [2, strip.y, view.gain, view.speed / 5].map((mm) => mm * scale);
  context.beginPath();
  context.moveTo(x - scale, y);
  for (const [dx, dy] of [[0, 0], [0, up], [wide, up], [wide, 0], [wide + scale, 0]]) context.lineTo(x + dx, y - dy);
  context.stroke();
}

function trace(context, values, rate, projection) {
  const { strip } = projection;
  const first = Math.max(0, Math.ceil(strip.from * rate));
  const last = Math.min(values.length - 1, Math.floor((strip.from + strip.seconds) * rate));
  context.beginPath();
  for (let n = first; n <= last; n++) context.lineTo(...projection.toScreen([(n / rate) * 1000, values[n]]));
  context.stroke();
}
