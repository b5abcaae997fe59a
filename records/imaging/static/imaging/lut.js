/** Stored values to grey: the linear window of DICOM PS3.3 C.11.2.1.2.1. */

/**
 * Grey (0 to 255) of a rescaled value.
 * @param {number} value @param {number} centre @param {number} width
 */
export function greyOf(value, centre, width) {
  const span = Math.max(width - 1, 1e-6);
  return Math.max(0, Math.min(255, ((value - (centre - 0.5)) / span + 0.5) * 255));
}

/** Paints frames; keeps the table of the last window, which most frames of a series share. */
export class Painter {
  constructor() {
    this.table = new Uint32Array(65536); // a canvas pixel for each stored value
    this.key = "";
    this.painted = null;
  }

  /**
   * The frame in its own size; nothing is done when the canvas shows it so already.
   * @param {{values: ArrayLike<number>, samples: number, signed: boolean}} frame
   * @param {object} slice @param {{centre: number, width: number, invert: boolean}} state
   * @param {HTMLCanvasElement} canvas
   */
  paint(frame, slice, state, canvas) {
    const before = this.key;
    this.prepare(frame, slice, state);
    if (this.painted === frame && this.key === before) return;
    this.painted = frame;
    Object.assign(canvas, { width: slice.columns, height: slice.rows });
    const context = canvas.getContext("2d");
    const image = context.createImageData(slice.columns, slice.rows);
    this.fill(frame, new Uint32Array(image.data.buffer));
    context.putImageData(image, 0, 0);
  }

  fill({ values, samples }, out) {
    const { table } = this;
    if (samples === 1) {
      for (let i = 0; i < out.length; i++) out[i] = table[values[i] & 0xffff];
      return;
    }
    for (let i = 0, j = 0; i < out.length; i++, j += 3) {
      const [r, g, b] = [table[values[j]], table[values[j + 1]], table[values[j + 2]]];
      out[i] = (0xff000000 | (b & 0xff0000) | (g & 0xff00) | (r & 0xff)) >>> 0;
    }
  }

  prepare(frame, slice, state) {
    const flip = state.invert !== slice.invert; // MONOCHROME1 is dark where values are high
    const grey = frame.samples === 1;
    const [slope, intercept] = grey ? [slice.slope, slice.intercept] : [1, 0];
    const key = [slope, intercept, state.centre, state.width, flip, frame.signed].join();
    if (key === this.key) return;
    this.key = key;
    for (let stored = 0; stored < 65536; stored++) {
      const value = (frame.signed && stored > 32767 ? stored - 65536 : stored) * slope + intercept;
      const shown = Math.trunc(greyOf(value, state.centre, state.width));
      const level = flip ? 255 - shown : shown;
      this.table[stored] = (0xff000000 | (level << 16) | (level << 8) | level) >>> 0;
    }
  }
}
