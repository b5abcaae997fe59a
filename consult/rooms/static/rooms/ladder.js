/**
 * What a line bears: video, a still every few seconds, audio, or text. Pure: sample in, rung out.
 *
 * Down within a few bad seconds, because video that does not fit destroys the sound. Up only after
 * GOOD seconds, and after a try that failed only after ever longer: an unsteady line does not flap.
 *
 * @typedef {{at: number, loss: number, rtt: number, available: number | null, concealed: number}} Sample
 *   at and rtt in ms; loss and concealed as shares of one; available in bit/s, null when not known.
 * @typedef {{rung: string, since: number, goodSince: number, tries: number, recent: Sample[], why: string, seen: number | null, back: number}} State
 *   seen: the last sample; back: since when the line is back from a hole.
 */
export const RUNGS = ["video", "still", "audio", "text"];
export const FIRST = 1500; // ms of sound before the first picture, which is tried where nothing speaks against it
export const GOOD = 20000; // ms of good line before a better rung
const CALM = 3000; // ms of good line after which there is room for more than the call
const STEADY = 60000; // ms for which video must hold to count as no failure
const PATIENCE = 240000; // ms at most between two tries
const HOLE = 3000; // ms without a sample: the line was cut
const SETTLE = 5000; // ms for which reports may still tell of what was lost in the hole
const SELDOM = 30000; // ms between two holes, or they are what the line is like

/** @returns {State} */
export function start(at = 0) {
  return { rung: "audio", since: at, goodSince: at - CALM, tries: 0, recent: [], why: "start", seen: null, back: -SELDOM };
}

/** @param {Sample[]} samples @param {(s: Sample) => number} read */
function mean(samples, read) {
  return samples.length ? samples.reduce((sum, sample) => sum + read(sample), 0) / samples.length : 0;
}

/** What speaks against any picture. @param {Sample[]} last */
function strain(last) {
  if (mean(last, (s) => s.loss) > 0.1) return "loss";
  if (mean(last, (s) => s.rtt) > 1000) return "delay";
  // Twice: the first second of a cut has the same look, and is over when it is over.
  return last.filter((s) => s.concealed > 0.08).length > 1 ? "sound" : "";
}

/**
 * Why this rung does not fit, or "" when it does.
 * @param {string} rung @param {Sample[]} recent
 */
function trouble(rung, recent) {
  const last = recent.slice(-3);
  const available = last.length ? last[last.length - 1].available : null;
  if (rung === "video" || rung === "still") {
    const floor = rung === "video" ? 100000 : 50000;
    return available !== null && available < floor ? "rate" : strain(last);
  }
  if (rung === "audio" && recent.length >= 10 && mean(recent, (s) => s.concealed) > 0.4) return "sound";
  return "";
}

/** @param {Sample} sample */
function isGood(sample) {
  return sample.loss < 0.05 && sample.rtt < 800 && sample.concealed < 0.05;
}

/** Whether there is room for something beside the call. @param {State} state @param {Sample} sample */
export function isCalm(state, sample) {
  return sample.at - state.goodSince >= CALM;
}

/** How long the line must be good before the next try. @param {State} state */
function patience(state) {
  return Math.min(GOOD * 2 ** Math.max(state.tries - 1, 0), PATIENCE);
}

/**
 * @param {State} state @param {Sample} sample @returns {State}
 */
export function step(state, sample) {
  const hole = state.seen !== null && sample.at - state.seen > HOLE && sample.at - state.back > SELDOM;
  const back = hole ? sample.at : state.back;
  if (sample.at - back < SETTLE) return { ...state, seen: sample.at, back, goodSince: sample.at, recent: [] };
  return judge({ ...state, seen: sample.at }, sample);
}

/** @param {State} state @param {Sample} sample @returns {State} */
function judge(state, sample) {
  const recent = [...state.recent, sample].slice(-10);
  const goodSince = isGood(sample) ? state.goodSince : sample.at;
  const next = { ...state, recent, goodSince };
  const held = sample.at - state.since;
  const why = recent.length >= 3 && held >= 2000 ? trouble(state.rung, recent) : "";
  if (why) return fall(next, sample, why);
  if (state.rung === "video") return held > STEADY ? { ...next, tries: 0 } : next;
  const waited = sample.at - Math.max(goodSince, state.since);
  const first = state.why === "start" && held >= FIRST && !strain(recent.slice(-3));
  return first || waited >= patience(state) ? rise(next, sample) : next;
}

/** @param {State} state @param {Sample} sample @param {string} why @returns {State} */
function fall(state, sample, why) {
  const thin = sample.available !== null && sample.available < 120000;
  const lower = state.rung === "audio" ? "text" : state.rung === "video" && !thin && sample.rtt < 1000 ? "still" : "audio";
  const failed = state.rung === "video" ? state.tries + 1 : state.tries;
  return { ...state, rung: lower, since: sample.at, goodSince: sample.at, recent: [], tries: failed, why };
}

/** @param {State} state @param {Sample} sample @returns {State} */
function rise(state, sample) {
  const higher = state.rung === "text" ? "audio" : "video";
  return { ...state, rung: higher, since: sample.at, recent: [], why: "good" };
}
