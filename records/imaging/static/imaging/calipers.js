/** ECG calipers: time with its rate, the same marched along the strip, and millivolts. */

export const CALIPERS = new Set(["time", "march", "amplitude"]);
const TICK = 9; // pixels of a leg beyond its line
const MOST = 400; // legs of a march

/** True values of a mark; points are in milliseconds and microvolts. */
export function measureEcg(mark, lead) {
  const [a, b] = mark.points;
  const extra = { ...mark.extra, lead };
  if (mark.kind === "amplitude") {
    return { ...mark, value: Math.abs(b[1] - a[1]) / 1000, unit: "mV", extra };
  }
  if (mark.kind === "arrow") return { ...mark, value: null, unit: "", extra };
  const ms = Math.abs(b[0] - a[0]);
  return ms < 1 ? { ...mark, value: null, unit: "ms", extra } : { ...mark, value: ms, unit: "ms", extra: { ...extra, rate: 60_000 / ms } };
}

/** Its words: 840 ms, 71/min. */
export function ecgLabel(mark, perMinute) {
  if (mark.value == null) return mark.extra?.label ? [mark.extra.label] : [];
  if (mark.kind === "amplitude") return [`${mark.value.toFixed(2)} mV`];
  return [`${Math.round(mark.value)} ms`, perMinute.replace("{n}", `${Math.round(mark.extra.rate)}`)];
}

/** @param {import("./marks.js").Ink} ink */
export function drawCaliper(ink, mark, projection, colour, words) {
  const [a, b] = mark.points.map((point) => projection.toScreen(point));
  const { context } = ink;
  const line = (...points) => points.forEach(([x, y], n) => (n ? context.lineTo(x, y) : context.moveTo(x, y)));
  const level = mark.kind === "amplitude" ? 0 : b[1];
  ink.stroke(colour, () => {
    if (mark.kind === "arrow") return ink.arrow(a, b);
    if (mark.kind === "amplitude") {
      for (const [, y] of [a, b]) line([Math.min(a[0], b[0]) - TICK, y], [Math.max(a[0], b[0]) + TICK, y]);
      line([b[0], a[1]], b);
      return;
    }
    for (const x of mark.kind === "march" ? legs(a[0], b[0], projection) : [a[0], b[0]]) {
      line([x, Math.min(a[1], level) - TICK], [x, Math.max(a[1], level) + TICK]);
    }
    line([a[0], level], [b[0], level]);
  });
  const place = mark.kind === "arrow" ? [a[0] + 6, a[1] - 6] : [Math.max(a[0], b[0]) + 8, Math.max(a[1], b[1]) + 16];
  ink.text(words, place, colour);
}

/** The same interval onwards and backwards, as far as the strip goes. */
function legs(a, b, { strip, view, scale }) {
  const step = Math.abs(b - a);
  if (step < 3) return [a, b];
  const [left, right] = [strip.x * scale, (strip.x + strip.seconds * view.speed) * scale];
  const found = [];
  for (let x = Math.min(a, b); x >= left && found.length < MOST; x -= step) found.push(x);
  for (let x = Math.min(a, b) + step; x <= right && found.length < MOST; x += step) found.push(x);
  return found;
}

/** How far a screen point is from a caliper, in pixels. */
export function caliperDistance(mark, projection, [x, y]) {
  const [a, b] = mark.points.map((point) => projection.toScreen(point));
  const inX = x >= Math.min(a[0], b[0]) - TICK && x <= Math.max(a[0], b[0]) + TICK;
  const inY = y >= Math.min(a[1], b[1]) - TICK && y <= Math.max(a[1], b[1]) + TICK;
  return inX && inY ? 0 : Math.min(...[a, b].map(([px, py]) => Math.hypot(px - x, py - y)));
}
