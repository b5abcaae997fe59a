/**
 * To whom the picture goes where it does not go to all. Pure: what is known in, a decision out.
 *
 * On a thin uplink one picture that arrives is worth more than three that don't. It goes to the
 * specialist before the asking doctor before the rest; among equals to who leads, then to who speaks.
 * Who has it keeps it until they go or somebody comes before them: voices take turns every few seconds.
 *
 * @typedef {{user: string, role: string}} Other
 * @typedef {{thin: boolean, to: string, since: number | null}} Share
 *   to: the user who gets the picture while it is thin; since: how long the line has spoken for the other way.
 * @typedef {{at: number, others: Other[], uplink: number | null, leader: string | null, speaker: string | null}} Now
 *   at in ms; uplink in bit/s to all of them together, null when not known.
 */
export const THIN = 400000; // bit/s
export const WIDE = 600000; // bit/s, above which it goes to all again
export const DOUBT = 6000; // ms for which it must be thin: a new call begins by feeling its way
export const STEADY = 20000; // ms for which it must be wide
const FIRST = ["specialist", "requester"];

/** @returns {Share} */
export function start() {
  return { thin: false, to: "", since: null };
}

/** @param {Share} share @param {Now} now @returns {Share} */
export function step(share, now) {
  if (now.others.length < 2) return start();
  const against = now.uplink !== null && (share.thin ? now.uplink > WIDE : now.uplink < THIN);
  const since = against ? share.since ?? now.at : null;
  const turns = since !== null && now.at - since >= (share.thin ? STEADY : DOUBT);
  const thin = turns ? !share.thin : share.thin;
  return { thin, to: thin ? favoured(share.to, now) : "", since: turns ? null : since };
}

/** @param {string} before @param {Now} now */
function favoured(before, { others, leader, speaker }) {
  const rank = ({ user, role }) => (FIRST.includes(role) ? FIRST.indexOf(role) : FIRST.length) * 2 + (user === leader ? 0 : 1);
  const best = Math.min(...others.map(rank));
  const equals = others.filter((one) => rank(one) === best).map(({ user }) => user);
  if (equals.includes(before)) return before;
  return speaker && equals.includes(speaker) ? speaker : equals[0];
}
