/**
 * The test before one enters: what the line to the server bears, in words, and one's own voice as the
 * others will hear it. Nobody has to; what was found goes into the room's log with who comes in.
 */
import { trips } from "../devices/link.js";
import { hearOneself } from "./echo.js";
import { bears, rate } from "./lines.js";

const SIZES = [16_000, 64_000, 256_000]; // bytes sent, until one takes long enough to say something
const ENOUGH = 500; // ms
const PATIENCE = 4000; // ms for one try

export class SelfTest {
  /**
   * @param {{host: HTMLElement | null, check: any, csrf: string, words: Record<string, string>, voice: () => MediaStreamTrack | undefined, sink: () => string}} room
   */
  constructor(room) {
    this.room = room;
    /** @type {any} what goes into the log; null: nobody tested, or not to the end */
    this.facts = null;
    this.over = false;
    this.part("check")?.addEventListener("click", () => this.run());
    for (const button of room.host?.querySelectorAll("[data-echo]") || []) {
      button.addEventListener("click", () => this._answer(/** @type {HTMLElement} */ (button).dataset.echo));
    }
  }

  /** @param {string} name @returns {any} */
  part(name) {
    return this.room.host?.querySelector(`[data-check="${name}"]`);
  }

  /** Who enters does not wait for it. */
  stop() {
    this.over = true;
    this.player?.pause();
    if (this.playing) URL.revokeObjectURL(this.playing);
  }

  async run() {
    if (this.busy) return;
    this.busy = true;
    this.facts = null;
    const { words, check } = this.room;
    const button = this.part("check");
    button.setAttribute("aria-busy", "true");
    this.part("heard").hidden = this.part("chip").hidden = true;
    this._say(words.check_runs);
    const line = await this._measure();
    if (this.over) return;
    this.facts = { ...line, way: "none", echo: "untried" }; // who goes in now was tested as far as this
    this._show(line);
    const voice = this.room.voice();
    let way = "none";
    if (voice) {
      const servers = await this._servers();
      const heard = await hearOneself(voice, servers, () => this._say(words.check_speak));
      way = heard.way;
      const loss = Math.max(line.loss, way === "none" ? 0 : heard.loss);
      if (this.over) return;
      Object.assign(this.facts, { way, loss });
      await this._play(heard.sound, way);
      if (this.over) return;
    }
    this._show(this.facts);
    if (voice && way === "none") this._say(words.check_no_way);
    this.busy = false;
    button.removeAttribute("aria-busy");
    button.querySelector("[data-words]").textContent = words.check_again;
  }

  /** Both directions one after the other, so that neither takes the other's room. */
  async _measure() {
    const { sample } = this.room.check;
    const { rtt, lost, tries } = await trips(sample);
    const down = lost < tries ? await this._down(`${sample}?big=1`, rtt) : 0;
    const up = lost < tries ? await this._up(rtt) : 0;
    const most = (kbit) => Math.min(Math.round(kbit), 1_000_000);
    return { up_kbit_s: most(up), down_kbit_s: most(down), rtt_ms: Math.min(Math.round(rtt), 600_000), loss: lost / tries };
  }

  /** As far as it came in the time it had: a thin line is measured too. */
  async _down(address, rtt) {
    const quit = new AbortController();
    const timer = setTimeout(() => quit.abort(), PATIENCE);
    const began = performance.now();
    let size = 0;
    try {
      const reader = (await fetch(address, { cache: "no-store", signal: quit.signal })).body?.getReader();
      for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) size += piece.value.byteLength;
    } catch {
      // cut off, or the line is gone
    }
    clearTimeout(timer);
    return (size * 8) / Math.max(performance.now() - began - rtt, 1);
  }

  /** Growing pieces; one that does not go through says how thin the line is at most. */
  async _up(rtt) {
    let kbit = 0;
    for (const size of SIZES) {
      const began = performance.now();
      const headers = { "X-CSRFToken": this.room.csrf, "Content-Type": "application/octet-stream" };
      const body = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)));
      const sent = new Blob(Array(Math.ceil(size / body.length)).fill(body)).slice(0, size);
      const answer = await fetch(this.room.check.measure, { method: "POST", body: sent, headers, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
      const took = performance.now() - began;
      if (!answer?.ok) return kbit;
      kbit = (size * 8) / Math.max(took - rtt, 1);
      if (took > ENOUGH || this.over) break;
    }
    return kbit;
  }

  async _servers() {
    const answer = await fetch(this.room.check.relays, { cache: "no-store" }).catch(() => null);
    return answer?.ok ? (await answer.json()).servers : [];
  }

  /** @param {Blob | null} sound @param {string} way */
  async _play(sound, way) {
    const { words } = this.room;
    if (!sound?.size) return;
    this.player = new Audio((this.playing = URL.createObjectURL(sound)));
    const sink = this.room.sink();
    if (sink && "setSinkId" in this.player) await this.player.setSinkId(sink).catch(() => {});
    this._say(way === "relay" ? words.check_plays_relay : words.check_plays);
    this.part("heard").hidden = false;
    const done = new Promise((resolve) => (this.player.onended = this.player.onerror = this.player.onpause = resolve));
    await this.player.play().then(() => done, () => {});
  }

  _answer(echo) {
    this.facts.echo = echo;
    this.part("heard").hidden = true;
    this._say(echo === "heard" ? this.room.words.check_heard : this.room.words.check_silent);
    this.part("check").focus();
  }

  _show(line) {
    const { words, check } = this.room;
    const what = bears(check.limits, line);
    const chip = this.part("chip");
    chip.hidden = false;
    chip.className = `chip chip--${what === "video" ? "g" : "a"}`;
    chip.textContent = words[`bears_${what}`];
    const facts = { up: rate(line.up_kbit_s), down: rate(line.down_kbit_s), delay: line.rtt_ms, loss: Math.round(line.loss * 100) };
    this.part("line").textContent = words.check_line.replace(/\{(\w+)\}/g, (_, name) => String(facts[name]));
  }

  _say(text) {
    this.part("said").textContent = text;
  }
}
