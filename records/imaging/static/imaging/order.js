/**
 * In which order files are sent: so that with the first few of each series somebody can already look
 * through all of it, coarsely, and it becomes finer.
 *
 * @typedef {{name: string, file: {size: number}, facts: import("./header.js").Facts}} Item
 */

const STEP = 8; // after the ends and the middle of a series, every eighth
const HEAVY = 4 << 20; // bytes from which an archive waits for the loose files
const [KEYS, COARSE, REST] = [0, 1, 2];

/** @template {Item} T @param {T[]} items @returns {T[]} the same, in the order of sending */
export function inOrder(items) {
  const series = new Map();
  for (const item of items) {
    const name = item.facts.series || folderOf(item);
    if (!series.has(name)) series.set(name, []);
    series.get(name).push(item);
  }
  const turns = [[], [], []];
  for (const [, slices] of series) {
    slices.sort(bySlice);
    slices.forEach((item, place) => turns[turnOf(item, place, slices.length)].push(item));
  }
  return turns.flat();
}

function turnOf(item, place, count) {
  if (item.facts.archive) return item.file.size > HEAVY ? REST : KEYS;
  if (place === 0 || place === count - 1 || place === count >> 1) return KEYS;
  return place % STEP === 0 ? COARSE : REST;
}

/** Files of no series that could be read: those of one folder, each archive alone. */
const folderOf = (item) => (item.facts.archive ? `zip ${item.name}` : `in ${item.name.replace(/[^/]*$/, "")}`);

const natural = new Intl.Collator("en", { numeric: true });

function bySlice(one, other) {
  const [a, b] = [one.facts.number, other.facts.number];
  if (a !== null && b !== null && a !== b) return a - b;
  return natural.compare(one.name, other.name);
}
