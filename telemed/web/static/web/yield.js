/**
 * A call has right of way over everything else that this browser sends and fetches.
 *
 * The page with the call says each second, where all pages of the browser can read it, what its line
 * bears: a lease. Who closes that page, or loses power, says nothing more, and a few seconds later
 * nobody gives way. It holds numbers only, and nothing of whom.
 *
 * @typedef {{uplink: number, spare: boolean}} Word
 *   uplink in bit/s, 0 when not known; spare: whether there is room for anything beside the call
 */
const KEPT = "telemed-call";
const LEASE = 5000; // ms
const LOOK = 500; // ms between two looks while one waits
const SHARE = 0.2; // of the uplink is for what is sent beside a call
const UNKNOWN = 128000; // bit/s, until a piece has shown more
const BURST = 0.5; // seconds of its share that a piece takes
export const [SMALLEST, LARGEST] = [4 << 10, 1 << 20]; // bytes of a piece

const me = Math.random();
addEventListener("pagehide", release);

/** This page has a call. @param {Word} word */
export function claim(word) {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...word, by: me, until: Date.now() + LEASE }));
  } catch {
    // A browser that keeps nothing: other pages can't know.
  }
}

/** It has none any more. */
export function release() {
  if (read()?.by === me) localStorage.removeItem(KEPT);
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) || "null");
  } catch {
    return null;
  }
}

/** What a call in any page of this browser leaves; null when there is none. @returns {(Word & {by: number}) | null} */
export function callNow() {
  const said = read();
  const left = said ? said.until - Date.now() : 0;
  return left > 0 && left <= LEASE ? said : null;
}

/**
 * Tell of a call in another page: now, whenever it changed, and within seconds after it ran out.
 * @param {(call: Word | null) => void} told
 * @returns {() => void} to hear no more
 */
export function onCall(told) {
  const look = () => {
    const call = callNow();
    told(call?.by === me ? null : call);
  };
  const timer = setInterval(look, LEASE / 2);
  addEventListener("storage", look);
  look();
  return () => {
    clearInterval(timer);
    removeEventListener("storage", look);
  };
}

/** Of one thing that is sent in pieces: how large the next may be, and when it may go. */
export class Pace {
  constructor() {
    this.shown = 0; // bit/s that pieces have shown
    this.freeAt = 0; // when the share of the line is used up no more
  }

  /** @param {Word} call bytes a second */
  share(call) {
    return ((Math.max(call.uplink, this.shown) || UNKNOWN) * SHARE) / 8;
  }

  /** Bytes of the next piece; none while there is no room beside the call. */
  get bite() {
    const call = callNow();
    if (!call) return Infinity;
    return call.spare ? Math.min(Math.max(Math.floor(this.share(call) * BURST), SMALLEST), LARGEST) : 0;
  }

  /** A piece of so many bytes went in so many ms: the line rests until that is its share. */
  went(bytes, took) {
    const call = callNow();
    if (!call) return;
    this.shown = Math.max((bytes * 8000) / Math.max(took, 1), this.shown / 2);
    this.freeAt = performance.now() - took + (bytes / this.share(call)) * 1000;
  }

  /**
   * Resolves with the bytes that may go now; Infinity without a call. Rejects when `signal` stops it.
   * @param {AbortSignal} signal
   */
  async turn(signal) {
    for (;;) {
      if (signal.aborted) throw new Error("stopped");
      const { bite } = this;
      const early = this.freeAt - performance.now();
      if (bite === Infinity || (bite && early <= 0)) return bite;
      await new Promise((done) => setTimeout(done, bite ? Math.min(early, LOOK) : LOOK));
    }
  }
}
