/**
 * What a shared screen may take of a line. Pure. Sharp before smooth, and sound before both: on a thin
 * line five pictures a second and no more than leaves the voice its room.
 */
export const WIDE = 500000; // bit/s
const SOUND = 40000; // bit/s that are the voice's
const MOST = 600000;
const THIN = 250000;

/** @param {number | null | undefined} available bit/s, null when not known @returns {{frames: number, rate: number}} */
export function pace(available) {
  if (available && available >= WIDE) return { frames: 10, rate: MOST };
  return { frames: 5, rate: Math.max(Math.min((available || THIN + SOUND) - SOUND, THIN), SOUND) };
}
