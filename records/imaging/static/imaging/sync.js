/** Two stacks that scroll together: by millimetres where both say where they lie, else by number. */

/** CT and MR of the same orientation have a common axis. */
export function sameAxis(a, b) {
  const lies = (stack) => ["CT", "MR"].includes(stack.modality) && stack.slices.every((one) => one.location != null);
  return lies(a) && lies(b) && JSON.stringify(a.letters) === JSON.stringify(b.letters);
}

/** How far the second lies from the first now; kept while they scroll together. */
export function offsetOf(a, b, at, beside) {
  if (sameAxis(a, b)) return b.slices[beside].location - a.slices[at].location;
  return beside - at;
}

/** The slice of `b` that belongs beside slice `at` of `a`. */
export function partner(a, b, at, offset) {
  const last = b.slices.length - 1;
  if (!sameAxis(a, b)) return Math.max(0, Math.min(last, at + Math.round(offset)));
  const wanted = a.slices[at].location + offset;
  let best = 0;
  b.slices.forEach((one, n) => {
    if (Math.abs(one.location - wanted) < Math.abs(b.slices[best].location - wanted)) best = n;
  });
  return best;
}
