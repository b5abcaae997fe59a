/** What stands around the picture: whose it is, which slice, which window, and what to believe. */

import { icon } from "./toolbar.js";

const PAPER = "paper_ecg"; // a photograph: nothing on it is measured
const round = (value, digits = 0) => +value.toFixed(digits);
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

/** A real minus sign: a hyphen before a figure is easily overlooked. */
function minus(value) {
  return `${value}`.replace("-", "−");
}

/** Rows of words into a corner; a leading * makes one strong. Untouched when nothing changed. */
function lines(corner, rows) {
  const text = JSON.stringify(rows);
  if (corner.dataset.text === text) return;
  corner.dataset.text = text;
  corner.replaceChildren();
  for (const row of rows.map((words) => words.filter(Boolean)).filter((words) => words.length)) {
    if (corner.childNodes.length) corner.append(document.createElement("br"));
    for (const word of row) {
      const strong = word.startsWith("*");
      const part = document.createElement(strong ? "b" : "span");
      part.textContent = strong ? word.slice(1) : word;
      corner.append(part, " ");
    }
  }
}

/** Person, slice and window into their corners. `named` is the preset in use, if any. */
export function corners(places, { view, slice, stack, words, count, manifest }, named) {
  const { name, sex, age } = manifest.patient;
  const person = [words[sex], age == null ? "" : fill(words.years, { n: age })].filter(Boolean);
  const taken = [manifest.study.at.slice(0, 10), stack.attachment ? "" : stack.description];
  lines(places.tl, [[`*${name}`, person.join(" ")], taken]);
  const remarks = [];
  if (slice.thickness) remarks.push(fill(words.thickness, { mm: round(slice.thickness, 2) }));
  if (stack.tilt >= 1) remarks.push(fill(words.tilt, { degrees: stack.tilt }));
  if (!stack.even) remarks.push(fill(words.uneven, stack.gaps));
  if (slice.spacingKind === "detector") remarks.push(words.detector);
  if (stack.attachment === PAPER) remarks.push(words[PAPER]);
  else if (!slice.spacing && !slice.regions.length) remarks.push(words.uncalibrated);
  lines(places.tr, [[`*${view.slice + 1}`, `/ ${count}`], ...remarks.map((one) => [one])]);
  const window = slice.colour ? [] : [`W ${round(view.width)} L ${minus(round(view.centre))}`, named];
  lines(places.bl, [window, [`${words.zoom} ${view.zoom.toFixed(1)}×`]]);
}

/** The same in one sentence, for who does not see it. */
export function spoken({ view, stack, words, count }, named) {
  if (stack.attachment) return fill(words.attached, { what: words[stack.attachment], n: view.slice + 1, count });
  const window = named || `W ${round(view.width)} L ${round(view.centre)}`;
  return fill(words.image, { modality: stack.modality, n: view.slice + 1, count, window });
}

/** What may be believed of the picture on the screen; a way to ask again when it did not come. */
export function told(place, { frame, failed, slice, stack, words, preview }, again) {
  const [text, sign] = slice.whyNot
    ? [slice.whyNot, "alert"]
    : frame
      ? exactly(frame, stack, words)
      : failed
        ? [words.failed, "alert"]
        : [preview ? words.preview : words.waiting, "download"];
  if (place.textContent === text) return;
  place.classList.toggle("full--p", !frame || sign === "alert");
  place.replaceChildren(icon(sign), text);
  if (!failed || frame || slice.whyNot) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", again);
  place.replaceChildren(icon(sign), button);
}

/** A photograph is what it is; of all others, how precise it is. */
function exactly(frame, { attachment }, words) {
  if (attachment) return [words[attachment], attachment === PAPER ? "alert" : "camera"];
  return [frame.bits === 8 ? words.exact8 : words.exact, "check"];
}

/** Place and value under the mouse. `at` is a pixel; there is none without an exact frame. */
export function probed(place, { slice, words, frame, at }) {
  const where =
    slice.location == null ? [] : [fill(words.location, { mm: minus(slice.location.toFixed(1)) })];
  const [x, y] = at || [-1, -1];
  const inside = x >= 0 && y >= 0 && x < slice.columns && y < slice.rows;
  lines(place, [where, inside ? value(frame, slice, words, y * slice.columns + x) : []]);
}

function value(frame, slice, words, pixel) {
  if (frame.samples === 3) {
    return [`*${[0, 1, 2].map((n) => frame.values[pixel * 3 + n]).join(" ")}`];
  }
  const rescaled = frame.values[pixel] * slice.slope + slice.intercept;
  const name = slice.unit === "HU" ? words.regionHU : words.value;
  return [name, `*${minus(round(rescaled, 1))} ${slice.unit}`];
}
