/**
 * Exact frames and previews: fetched in the order they are needed, kept while there is room.
 *
 * A call has right of way, in whichever page of this browser. Beside one, neighbours come only where a frame is here in no time; and
 * while its line is not calm the exact frame trickles, so that the sound comes through.
 */

import { onCall } from "../web/yield.js";

const TYPES = { int16: Int16Array, uint16: Uint16Array, uint8: Uint8Array };
const QUICK = 250; // ms; a line that brings exact frames faster needs no previews

const [QUALITY, THIN_QUALITY] = [70, 40]; // of a JPEG; the second has half the bytes
const BRISK = 1500; // ms; beside a call, a line that takes longer for a frame brings no neighbours
const TRICKLE = { 4: 40000, 2: 12000, 1: 4000, 0: 4000 }; // bytes a second, by what the line bears of a call
const call = Object.assign(new EventTarget(), { on: false, pace: 0 });

let ours = false; // the call is in this page, which knows more than it tells to others

document.addEventListener("line", (event) => {
  ours = true;
  const { level, calm } = /** @type {CustomEvent} */ (event).detail;
  tell(true, calm ? 0 : TRICKLE[level] || 0);
});
document.addEventListener("room-over", () => tell(false, 0));
onCall((other) => {
  if (!ours) tell(Boolean(other), other && !other.spare ? TRICKLE[1] : 0);
});

/** @param {boolean} on whether there is a call @param {number} pace 0: as fast as it goes */
function tell(on, pace) {
  const slower = pace && (!call.pace || pace < call.pace);
  Object.assign(call, { on, pace });
  if (slower) call.dispatchEvent(new Event("slower"));
}

/** Of a preview: beside a call it is small first. */
export const quality = () => (call.on ? THIN_QUALITY : QUALITY);

/** @typedef {{values: ArrayLike<number>, samples: number, signed: boolean, bits: number}} Frame */

export class Frames {
  /**
   * @param {{pixels: string, preview: string}} urls patterns with {instance} and {frame}
   * @param {(key: string) => void} arrived called when a frame has come, or has failed
   */
  constructor(urls, arrived, { budget = 256 << 20, parallel = 4, ahead = 12 } = {}) {
    Object.assign(this, { urls, arrived, budget, parallel, ahead });
    /** @type {Map<string, Frame>} least recently used first */
    this.kept = new Map();
    /** @type {Map<string, {promise: Promise<Frame>, stop: AbortController}>} */
    this.coming = new Map();
    this.failed = new Set();
    this.previews = new Map();
    this.wanted = [];
    this.bytes = 0;
    this.quick = false;
    this.brisk = false;
    call.addEventListener("slower", (this.onSlower = () => this.again()));
  }

  static key(slice) {
    return `${slice.instance}/${slice.frame}`;
  }

  address(kind, slice) {
    const { instance, frame } = slice;
    return this.urls[kind].replace("{instance}", instance).replace("{frame}", frame);
  }

  /** The frame if it is here. */
  find(slice) {
    const key = Frames.key(slice);
    const frame = this.kept.get(key);
    if (frame) {
      this.kept.delete(key);
      this.kept.set(key, frame);
    }
    return frame;
  }

  /** Look at this slice: it first, then its neighbours; what is now far away is given up. */
  focus(slices, index) {
    const order = [slices[index]];
    for (let step = 1; step <= this.ahead; step++) {
      order.push(slices[index + step], slices[index - step]);
    }
    this.wanted = order.filter(Boolean);
    const near = new Set(this.wanted.map(Frames.key));
    for (const [key, { stop }] of this.coming) if (!near.has(key)) stop.abort();
    this.failed.delete(Frames.key(slices[index]));
    this.pump();
  }

  pump() {
    for (const [place, slice] of this.wanted.entries()) {
      if (place && call.on && (call.pace || !this.brisk)) return;
      const key = Frames.key(slice);
      if (slice.whyNot || this.kept.has(key) || this.failed.has(key)) continue;
      if (!this.coming.has(key)) this.load(slice).catch(() => {});
      // The slice on the screen has the line for itself until it is here.
      if (place === 0 || this.coming.size >= this.parallel) return;
    }
  }

  /** Whatever is under way gives the line back, and comes more slowly. */
  again() {
    for (const { stop } of this.coming.values()) stop.abort();
  }

  /** @returns {Promise<Frame>} */
  load(slice) {
    const key = Frames.key(slice);
    const here = this.find(slice);
    if (here) return Promise.resolve(here);
    if (this.coming.has(key)) return this.coming.get(key).promise;
    const stop = new AbortController();
    const promise = this.fetch(slice, stop.signal).then(
      (frame) => this.settle(key, frame),
      (error) => {
        this.coming.delete(key);
        if (error.name !== "AbortError") {
          this.failed.add(key);
          this.arrived(key);
        }
        this.pump();
        throw error;
      },
    );
    this.coming.set(key, { promise, stop });
    return promise;
  }

  async fetch(slice, signal) {
    const began = performance.now();
    const answer = await fetch(this.address("pixels", slice), {
      signal,
      credentials: "same-origin",
      redirect: "error",
      headers: call.pace ? { "X-Pace": `${call.pace}` } : {},
    });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const [type, , , samples] = answer.headers.get("X-Pixels").split(" ");
    const values = new TYPES[type](await answer.arrayBuffer());
    this.quick = performance.now() - began < QUICK;
    this.brisk = performance.now() - began < BRISK;
    return { values, samples: +samples, signed: type === "int16", bits: type === "uint8" ? 8 : 16 };
  }

  settle(key, frame) {
    this.coming.delete(key);
    this.kept.set(key, frame);
    this.bytes += frame.values.byteLength;
    for (const [oldest, old] of this.kept) {
      if (this.bytes <= this.budget || oldest === key) break;
      this.kept.delete(oldest);
      this.bytes -= old.values.byteLength;
    }
    this.arrived(key);
    this.pump();
    return frame;
  }

  /** A JPEG through that window; null when it does not come. */
  preview(slice, centre, width) {
    const address = this.throughWindow(slice, centre, width);
    if (!this.previews.has(address)) this.decode(address, `${address}&quality=${quality()}`);
    return this.previews.get(address);
  }

  /** One that came with the manifest. @param {string} picture its address, which holds it */
  take(slice, centre, width, picture) {
    this.decode(this.throughWindow(slice, centre, width), picture);
  }

  throughWindow(slice, centre, width) {
    return `${this.address("preview", slice)}?centre=${+centre.toFixed(1)}&width=${+width.toFixed(1)}`;
  }

  decode(address, source) {
    if (this.previews.size > 100) this.previews.clear();
    const picture = new Image();
    picture.src = source;
    this.previews.set(address, picture.decode().then(() => picture, () => null));
  }

  /** Stop everything that is under way. */
  close() {
    this.wanted = [];
    call.removeEventListener("slower", this.onSlower);
    for (const { stop } of this.coming.values()) stop.abort();
  }
}
