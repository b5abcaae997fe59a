/** What a line bears that was measured before the room, by the limits that the server judges by. Pure. */

/**
 * @param {Record<string, {kbit_s: number, rtt_ms: number, loss: number}>} limits the best first
 * @param {{up_kbit_s: number, down_kbit_s: number, rtt_ms: number, loss: number}} line
 */
export function bears(limits, { up_kbit_s: up, down_kbit_s: down, rtt_ms: rtt, loss }) {
  const fits = ({ kbit_s, rtt_ms, loss: most }) => Math.min(up, down) >= kbit_s && rtt <= rtt_ms && loss <= most;
  return Object.keys(limits).find((what) => fits(limits[what])) || "text";
}

/** As a person reads it. @param {number} kbit a second */
export function rate(kbit) {
  if (kbit >= 10000) return "> 10 Mbit/s";
  return kbit >= 1000 ? `${(kbit / 1000).toFixed(1)} Mbit/s` : `${Math.round(kbit)} kbit/s`;
}
