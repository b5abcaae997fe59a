/**
 * Image and screen, lengths and regions. Points are in image pixels: (0, 0) is the outer corner of
 * the first pixel, whose centre is (0.5, 0.5). Nothing here depends on the size of a canvas.
 *
 * @typedef {[number, number]} Point
 * @typedef {{value: number, unit: string}} Measure
 */

/**
 * Pixel spacing that holds for all these points: PixelSpacing, or of the one calibrated region of
 * an ultrasound picture that has them all. Row distance first; null where the file has no scale.
 * @param {object} slice @param {Point[]} points @returns {Point | null}
 */
export function spacingAt(slice, points) {
  const inside = ({ box: [x0, y0, x1, y1] }) =>
    points.every(([x, y]) => x >= x0 && x <= x1 + 1 && y >= y0 && y <= y1 + 1);
  const region = (slice.regions || []).find(inside);
  return region ? region.spacing : slice.spacing;
}

/** @param {object} slice @param {Point} a @param {Point} b @returns {Measure} */
export function lengthOf(slice, a, b) {
  const spacing = spacingAt(slice, [a, b]);
  const [down, across] = spacing || [1, 1];
  const value = Math.hypot((b[0] - a[0]) * across, (b[1] - a[1]) * down);
  return { value, unit: spacing ? "mm" : "px" };
}

/**
 * What lies inside the ellipse that fills the box from a to b: the pixels whose centre is in it,
 * in rescaled values. null when there is none. `sd` is that of the whole region (n, not n - 1).
 * @param {object} slice @param {ArrayLike<number>} values @param {Point} a @param {Point} b
 */
export function regionOf(slice, values, a, b) {
  const [cx, cy] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const [rx, ry] = [Math.abs(b[0] - a[0]) / 2, Math.abs(b[1] - a[1]) / 2];
  let [n, sum, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  for (let y = Math.max(0, Math.floor(cy - ry)); y < Math.min(slice.rows, cy + ry); y++) {
    for (let x = Math.max(0, Math.floor(cx - rx)); x < Math.min(slice.columns, cx + rx); x++) {
      if (((x + 0.5 - cx) / rx) ** 2 + ((y + 0.5 - cy) / ry) ** 2 > 1) continue;
      const value = values[y * slice.columns + x] * slice.slope + slice.intercept;
      n += 1;
      sum += value;
      squares += value * value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  if (!n) return null;
  const mean = sum / n;
  const spacing = spacingAt(slice, [a, b]);
  return {
    mean,
    sd: Math.sqrt(Math.max(squares / n - mean * mean, 0)),
    min,
    max,
    area: Math.PI * rx * ry * (spacing ? spacing[0] * spacing[1] : 1),
    areaUnit: spacing ? "mm²" : "px²",
  };
}

/** Where an image lies on a canvas of `width` × `height`, fitted, zoomed and moved. */
export class Projection {
  /** @param {object} slice @param {{zoom: number, pan: Point}} state */
  constructor(slice, state, width, height) {
    const [down, across] = slice.spacing || [1, 1]; // pixels need not be square
    const least = Math.min(down, across);
    const fit = Math.min(
      width / ((slice.columns * across) / least),
      height / ((slice.rows * down) / least),
    );
    this.sx = ((fit * across) / least) * state.zoom;
    this.sy = ((fit * down) / least) * state.zoom;
    this.left = width / 2 - (slice.columns / 2 + state.pan[0]) * this.sx;
    this.top = height / 2 - (slice.rows / 2 + state.pan[1]) * this.sy;
  }

  /** @param {Point} point @returns {Point} */
  toScreen([x, y]) {
    return [this.left + x * this.sx, this.top + y * this.sy];
  }

  /** @param {Point} point @returns {Point} */
  toImage([x, y]) {
    return [(x - this.left) / this.sx, (y - this.top) / this.sy];
  }
}
