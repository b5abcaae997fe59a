/**
 * What the browser can tell of a file before it is sent, from its first bytes; what it can't tell,
 * the server finds out. Nothing of this is believed there.
 *
 * @typedef {{series: string, number: number | null, plain: boolean, archive: boolean, images: number}} Facts
 *   plain: not compressed in itself; images: how many are expected of it
 */

const HEAD = 16 << 10; // bytes in which study, series and number are found
const TAIL = (64 << 10) + 22; // bytes in which a ZIP says where its list is
const LIST = 8 << 20; // bytes of the longest list of a ZIP that is read
const PLAIN = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"]; // PS3.5 A.1 to A.3
const LONG = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]; // PS3.5 7.1.2
const [SYNTAX, SERIES, NUMBER] = [0x00020010, 0x0020000e, 0x00200013];
const [ITEM, ITEM_END, SEQUENCE_END, ENDLESS] = [0xfffee000, 0xfffee00d, 0xfffee0dd, 0xffffffff];
const NO_IMAGE = /(^|\/)(__MACOSX\/.*|\..*|DICOMDIR|.*\/)$|\.(txt|hea|html?|xml|inf|exe|dll|ini|pdf|db)$/i;

/** @param {File} file @param {string} name @returns {Promise<Facts>} */
export async function factsOf(file, name) {
  const facts = { series: "", number: null, plain: false, archive: false, images: 1 };
  try {
    const head = new DataView(await file.slice(0, HEAD).arrayBuffer());
    if (isZip(head)) return { ...facts, archive: true, images: await listed(file) };
    if (!isDicom(head)) return { ...facts, plain: /\.dat$/i.test(name) };
    return { ...facts, ...dicomFacts(head) };
  } catch {
    return facts; // it ends early, or is none of what it seems to be
  }
}

const isZip = (view) => view.byteLength > 3 && [0x504b0304, 0x504b0506].includes(view.getUint32(0));
const isDicom = (view) => view.byteLength > 132 && view.getUint32(128) === 0x4449434d;

/** Walk the elements of a DICOM file as far as the instance number. PS3.5 7, PS3.10 7.1 */
function dicomFacts(view) {
  const found = { series: "", number: null, plain: false };
  let [at, depth, syntax] = [132, 0, PLAIN[1]];
  while (at + 8 <= view.byteLength) {
    const explicit = view.getUint16(at, true) === 2 || syntax !== PLAIN[0];
    const little = view.getUint16(at, true) === 2 || syntax !== PLAIN[2];
    const tag = ((view.getUint16(at, little) << 16) | view.getUint16(at + 2, little)) >>> 0;
    let [length, from] = [view.getUint32(at + 4, little), at + 8];
    if (tag < ITEM && explicit) {
      const kind = text(view, at + 4, 2);
      if (LONG.includes(kind)) [length, from] = [view.getUint32(at + 8, little), at + 12];
      else length = view.getUint16(at + 6, little);
    }
    if (!depth && tag < ITEM && tag > NUMBER) break;
    if (!depth && tag === SYNTAX) {
      syntax = text(view, from, length);
      found.plain = PLAIN.includes(syntax);
    }
    if (!depth && tag === SERIES) found.series = text(view, from, length);
    if (!depth && tag === NUMBER) found.number = parseInt(text(view, from, length), 10);
    if (tag === SEQUENCE_END) depth -= 1;
    else if (length === ENDLESS && tag !== ITEM) depth += 1;
    at = from + (length === ENDLESS || tag === ITEM_END || tag === SEQUENCE_END ? 0 : length);
  }
  return { ...found, number: Number.isFinite(found.number) ? found.number : null };
}

function text(view, at, length) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  return String.fromCharCode(...bytes).replace(/[\0 ]+$/, "").trim();
}

/** How many members of a ZIP may be images, by its list; 1 where that can't be read. */
async function listed(file) {
  const tail = new DataView(await file.slice(Math.max(file.size - TAIL, 0)).arrayBuffer());
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end) !== 0x504b0506) end -= 1;
  if (end < 0) return 1;
  const [size, from] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  if (size > LIST || from + size > file.size) return 1;
  const list = new DataView(await file.slice(from, from + size).arrayBuffer());
  let count = 0;
  for (let at = 0; at + 46 <= list.byteLength && list.getUint32(at) === 0x504b0102; ) {
    const [named, more, said] = [28, 30, 32].map((place) => list.getUint16(at + place, true));
    const name = new TextDecoder().decode(new Uint8Array(list.buffer, at + 46, named));
    if (!NO_IMAGE.test(name)) count += 1;
    at += 46 + named + more + said;
  }
  return count || 1;
}
