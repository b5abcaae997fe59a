/**
 * Says to the server what is coming before it comes, so that those who wait for it see how much is
 * still missing. Only where the page says what the files are for.
 */

import { Pace } from "../web/yield.js";
import { hash } from "./pieces.js";

const AT_ONCE = 2000; // files of one announcement
const BYTES = 32; // that one file takes in it

/** @param {{file: File, name: string}} item @returns {string} what tells it from others, also after a day */
export function keyOf({ file, name }) {
  const known = hash(new TextEncoder().encode(name));
  return [file.size, file.lastModified, known].map((number) => number.toString(36)).join("");
}

export class Shipment {
  /**
   * @param {{about: string, url: string, headers: object,
   *   done: (key: string) => void, refused: (why: string) => void}} how
   *   done: what need not be sent; refused: it goes on without being waited for
   */
  constructor(how) {
    this.how = how;
    this.on = Boolean(how.about);
    this.id = "";
    /** @type {Map<string, any[]>} */
    this.coming = new Map();
    this.dropped = new Set();
  }

  /** These are to come. @param {{key: string, file: File, facts: {images: number}}[]} items */
  add(items) {
    for (const { key, file, facts } of items) {
      this.coming.set(key, [key, facts.images, file.size]);
      this.dropped.delete(key);
    }
  }

  /** This comes no more. @param {{key: string}} item */
  drop({ key }) {
    this.coming.delete(key);
    this.dropped.add(key);
  }

  /** What goes along with a file. */
  headersOf({ key }) {
    return this.on && this.id ? { "X-Shipment": `${this.id} ${key}` } : {};
  }

  /**
   * Say what was not said yet. Rejects when the line breaks; it is said again the next time.
   * @param {AbortSignal} signal @param {(on: boolean) => void} [yields] says whether a call goes first
   */
  async tell(signal, yields = () => {}) {
    while (this.on && (this.coming.size || this.dropped.size)) {
      const pace = new Pace();
      yields(pace.bite < Infinity);
      const bite = await pace.turn(signal);
      const files = [...this.coming.values()].slice(0, Math.max(Math.min(AT_ONCE, bite / BYTES), 1));
      const dropped = [...this.dropped].slice(0, AT_ONCE);
      const body = JSON.stringify({ about: this.how.about, files, dropped });
      const headers = { ...this.how.headers, "Content-Type": "application/json" };
      const answer = await fetch(this.how.url, { method: "POST", body, headers, signal });
      const said = await answer.json().catch(() => ({ text: "" }));
      for (const [key] of files) this.coming.delete(key);
      for (const key of dropped) this.dropped.delete(key);
      if (answer.ok) this.heard(said);
      else this.end(said.text);
    }
  }

  heard({ shipment, done }) {
    this.id = shipment || this.id;
    Object.keys(done).forEach(this.how.done);
  }

  end(why) {
    this.on = false;
    this.how.refused(why);
  }
}
