/**
 * The room's socket as the page needs it: it comes back by itself, asks for what it missed, and
 * keeps what was typed until the log has it.
 *
 * Events: "frame" {frame} (each log number once, in order; passing frames as they come),
 * "state" {state}: connecting, open, lost (with `retry`, ms), ended, removed, replaced, absent, signedout.
 */
const HEARTBEAT = 8000; // ms; the server's lease is 25 s
const ANSWER = 5000; // ms that the server may take to answer a heartbeat
const OPENING = 3500; // ms that a try to connect may take
const EAGER = 120000; // ms for which a lost line is expected back any moment
const QUICK = 1200; // ms between tries while eager; afterwards it doubles up to CAP
const CAP = 15000;
const RESTARTS = 1012; // the server goes and comes back; all at once would be too many for it
const SPREAD = 5000; // ms over which its pages come back
const FINAL = { 4401: "signedout", 4403: "removed", 4404: "absent", 4409: "replaced", 4410: "ended" };

/** @returns {string} a random id; randomUUID is younger than our browsers */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export class RoomSocket extends EventTarget {
  /** @param {{path: string, state: string, outbox: string}} at the socket, the address that says why not, the outbox's name */
  constructor(at) {
    super();
    this.at = at;
    this.connection = newId();
    this.last = 0;
    this.frames = 0;
    this.tries = 0;
    this.lostAt = 0;
    this.over = false;
    /** @type {{client_id: string}[]} */
    this.outbox = this._load();
    addEventListener("online", () => this._hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this._hurry());
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN && this.greeted === this.socket;
  }

  connect() {
    clearTimeout(this.retrying);
    this.retrying = 0;
    this._show("connecting");
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${this.at.path}?after=${this.last}&connection=${this.connection}`);
    this.socket = socket;
    this.frames = 0;
    this.refused = true;
    const opening = setTimeout(() => this._drop(socket, 0), OPENING);
    socket.onopen = () => (this.refused = false);
    socket.onmessage = (event) => {
      clearTimeout(opening);
      if (socket === this.socket) this._hear(socket, JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      clearTimeout(opening);
      this._drop(socket, event.code);
    };
  }

  /** Say it now or not at all: pointers, signals. @param {object} frame @returns {boolean} whether it went */
  send(frame) {
    if (!this.open) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Say it once, now or when the line is back, also after a reload. @param {object} frame @returns {string} its client_id */
  post(frame) {
    const kept = { ...frame, client_id: newId() };
    this.outbox.push(kept);
    this._save();
    this.send(kept);
    return kept.client_id;
  }

  /** For good. */
  close() {
    this.over = true;
    clearTimeout(this.retrying);
    clearInterval(this.beating);
    clearTimeout(this.doubting);
    this.socket?.close(1000);
  }

  _hear(socket, frame) {
    this.frames += 1;
    if (this.frames % 20 === 0) this._acknowledge();
    if (frame.is === "hello") this._greet(socket, frame);
    if (frame.is === "beat") {
      clearTimeout(this.doubting);
      this.doubting = 0;
      return;
    }
    if (frame.is === "snapshot") this.last = frame.last_seq;
    if (frame.seq) {
      if (frame.seq <= this.last) return; // had it
      this.last = frame.seq;
    }
    // Refused for haste, before it was read: it keeps its place and goes again.
    if (frame.is === "error" && frame.kind === "unavailable") setTimeout(() => this._resend(), 2000);
    for (const one of frame.is === "snapshot" ? frame.events : [frame]) if (one.client_id) this._settle(one.client_id);
    this._tell("frame", { frame });
  }

  _greet(socket, hello) {
    this.greeted = socket;
    this.tries = 0;
    this.lostAt = 0;
    if (hello.last_seq < this.last) this.last = 0;
    clearInterval(this.beating);
    this.beating = setInterval(() => this._beat(socket), HEARTBEAT);
    this._resend();
    this._show("open");
  }

  _resend() {
    for (const frame of this.outbox) this.send(frame);
  }

  _beat(socket) {
    if (!this.send({ do: "heartbeat" })) return;
    this._acknowledge();
    if (!this.doubting) this.doubting = setTimeout(() => this._drop(socket, 0), ANSWER);
  }

  _acknowledge() {
    this.send({ do: "seen", frames: this.frames });
  }

  /** This socket is of no more use, whoever found out. */
  _drop(socket, code) {
    if (socket !== this.socket) return;
    this.socket = undefined;
    socket.onmessage = socket.onclose = null;
    socket.close();
    clearInterval(this.beating);
    clearTimeout(this.doubting);
    this.doubting = 0;
    if (this.over) return;
    if (FINAL[code]) {
      this.over = true;
      this._show(FINAL[code]);
      return;
    }
    this.lostAt = this.lostAt || Date.now();
    this.tries += 1;
    if (this.refused && this.tries > 1) this._ask();
    const eager = Date.now() - this.lostAt < EAGER;
    const wait = eager ? QUICK : Math.min(CAP, QUICK * 2 ** Math.min(this.tries - 80, 4));
    const retry = code === RESTARTS ? Math.random() * SPREAD : wait / 2 + (Math.random() * wait) / 2;
    this.retrying = setTimeout(() => this.connect(), retry);
    this._show("lost", { retry });
  }

  _hurry() {
    if (!this.over && this.retrying) this.connect();
  }

  /** A handshake that is refused has no code that a page can read; this address has one. */
  async _ask() {
    const answer = await fetch(this.at.state, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (!answer || this.over || this.open) return;
    const why = answer.type === "opaqueredirect" ? "signedout" : { 401: "signedout", 403: "removed", 404: "absent", 410: "ended" }[answer.status];
    if (!why) return;
    this.close();
    this._show(why);
  }

  _settle(clientId) {
    const left = this.outbox.filter((frame) => frame.client_id !== clientId);
    if (left.length === this.outbox.length) return;
    this.outbox = left;
    this._save();
  }

  _load() {
    try {
      return JSON.parse(localStorage.getItem(this.at.outbox) || "[]");
    } catch {
      return [];
    }
  }

  _save() {
    try {
      if (this.outbox.length) localStorage.setItem(this.at.outbox, JSON.stringify(this.outbox));
      else localStorage.removeItem(this.at.outbox);
    } catch {
      // A full or forbidden store: the page still holds it.
    }
  }

  _show(state, more = {}) {
    this.state = state;
    this._tell("state", { state, ...more });
  }

  _tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
