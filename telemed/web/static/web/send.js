/**
 * What must reach the server once, over a line that comes and goes: asked again under the same
 * client_id until there is an answer. A line that was cut does not say so: each try has its time.
 */
const AGAIN = 3000; // ms between two tries
const PATIENCE = 15000; // ms that a try may take, and longer by its size
const SLOWEST = 3; // bytes a ms

/**
 * @param {string} address
 * @param {{body: FormData, headers: Record<string, string>, size?: number, waits?: () => void, signal?: AbortSignal}} how
 *   waits is called whenever there was no answer; signal gives up
 * @returns {Promise<{ok: boolean, status: number, said: any} | null>} null when it was given up
 */
export async function sendOnce(address, { body, headers, size = 0, waits = () => {}, signal }) {
  while (!signal?.aborted) {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE + size / SLOWEST);
    const quit = () => stop.abort();
    signal?.addEventListener("abort", quit);
    try {
      const answer = await fetch(address, { method: "POST", body, headers, credentials: "same-origin", signal: stop.signal });
      const said = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
      if (answer.status < 500 && !stop.signal.aborted) return { ok: answer.ok, status: answer.status, said };
    } catch {
      // No line, or too slow for this try.
    } finally {
      clearTimeout(late);
      signal?.removeEventListener("abort", quit);
    }
    if (signal?.aborted) break;
    waits();
    await new Promise((done) => setTimeout(done, AGAIN));
  }
  return null;
}
