/** The samples of an ECG: fetched, unpacked (records.imaging.reader.waveform.samples), filtered. */

/** @returns {Promise<Float32Array[]>} microvolts, one array a lead */
export async function loadSamples(address, leads) {
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const [type, , length] = answer.headers.get("X-Waveform").split(" ");
  return unpack(new Uint8Array(await answer.arrayBuffer()), leads, +length, type === "int16");
}

/** Running sums of differences; low bytes of all, then high bytes of all. */
export function unpack(bytes, leads, length, signed) {
  const half = bytes.length / 2;
  return leads.map(({ gain, offset }, lead) => {
    const values = new Float32Array(length);
    let sample = 0;
    for (let n = 0, at = lead * length; n < length; n++, at++) {
      sample = (sample + (bytes[at] | (bytes[half + at] << 8))) & 0xffff;
      values[n] = (signed && sample > 32767 ? sample - 65536 : sample) * gain + offset;
    }
    return values;
  });
}

/** Without what is faster than `hertz`: Butterworth, second order, forth and back, so nothing moves. */
export function lowPass(values, rate, hertz) {
  const w = Math.tan((Math.PI * hertz) / rate);
  if (!(w > 0) || hertz * 2 >= rate) return values;
  const a0 = 1 + Math.SQRT2 * w + w * w;
  const [b, a1, a2] = [(w * w) / a0, (2 * (w * w - 1)) / a0, (1 - Math.SQRT2 * w + w * w) / a0];
  const run = (given) => {
    const out = new Float32Array(given.length);
    let [x1, x2, y1, y2] = [given[0], given[0], given[0], given[0]];
    for (let n = 0; n < given.length; n++) {
      const y = b * (given[n] + 2 * x1 + x2) - a1 * y1 - a2 * y2;
      [x2, x1, y2, y1] = [x1, given[n], y1, y];
      out[n] = y;
    }
    return out;
  };
  return run(run(values).reverse()).reverse();
}
