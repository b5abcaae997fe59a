/**
 * Whoever has heard nothing from the room for long lets go of microphone and camera (ADR 0051): nobody
 * could tell this page that its person was sent out. By the clock, so that a lid that was shut counts too.
 */
const LOOK = 1000; // ms

export class Apart {
  /** @param {number} limit ms @param {() => void} act @param {() => number} now */
  constructor(limit, act, now = Date.now) {
    this.limit = limit;
    this.act = act;
    this.now = now;
    this.since = 0;
    this.acted = false;
  }

  /** The socket is gone; said again with each try that fails. */
  lost() {
    if (this.since) return;
    this.since = this.now();
    this.timer = setInterval(() => this.look(), LOOK);
  }

  /** It is back, or of no more use. @returns {boolean} whether it was away for too long */
  back() {
    const acted = this.acted;
    clearInterval(this.timer);
    this.since = 0;
    this.acted = false;
    return acted;
  }

  look() {
    if (!this.since || this.acted || this.now() - this.since < this.limit) return;
    this.acted = true;
    clearInterval(this.timer);
    this.act();
  }
}
