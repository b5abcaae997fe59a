// Measures the line of this institution: a few round trips, then one sample of some size.

const TRIES = 5;
const PATIENCE = 10_000; // ms, for one answer

/** @param {string} url */
async function fetched(url) {
  const began = performance.now();
  const answer = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw new Error(String(answer.status));
  const size = (await answer.arrayBuffer()).byteLength;
  return { ms: performance.now() - began, size };
}

/** A few round trips: how long one takes in the middle, in ms, and how many did not come back. @param {string} sample */
export async function trips(sample) {
  const took = [];
  for (let n = 0; n < TRIES; n += 1) {
    const trip = await fetched(sample).catch(() => null);
    if (trip) took.push(trip.ms);
  }
  const rtt = took.length ? took.sort((a, b) => a - b)[Math.floor(took.length / 2)] : PATIENCE;
  return { rtt, lost: TRIES - took.length, tries: TRIES };
}

/** @param {string} sample the address of bytes @returns what the form of the door takes */
export async function measure(sample) {
  const { rtt, lost, tries } = await trips(sample);
  const big = await fetched(`${sample}?big=1`).catch(() => null);
  // Of the sample's time one round trip is waiting, not the line's breadth.
  const kbit = big ? (big.size * 8) / Math.max(big.ms - rtt, 1) : 0;
  return {
    kbit_s: String(Math.min(Math.round(kbit), 1_000_000)),
    rtt_ms: String(Math.round(rtt)),
    lost: String(lost),
    tries: String(tries),
  };
}

/** @param {HTMLButtonElement} button */
async function run(button) {
  const said = /** @type {HTMLElement} */ (document.querySelector("[data-link-said]"));
  const say = (text) => {
    said.hidden = false;
    said.textContent = text;
  };
  button.disabled = true;
  say(button.dataset.busy);
  const token = /** @type {HTMLInputElement} */ (document.querySelector("[name=csrfmiddlewaretoken]")).value;
  const found = await measure(button.dataset.sample);
  const answer = await fetch(button.dataset.url, { method: "POST", body: new URLSearchParams(found), headers: { "X-CSRFToken": token } }).catch(() => null);
  if (answer?.ok) location.reload();
  else {
    say(button.dataset.failed);
    button.disabled = false;
  }
}

for (const button of document.querySelectorAll("[data-link]")) button.addEventListener("click", () => run(/** @type {HTMLButtonElement} */ (button)));
