/**
 * The calls of this page: one to each other connection in the room, at most three.
 *
 * Events: "peer" {user} whenever one changed, "line" {rung, sample, why, calm} each second and on a change.
 */
import { Peer } from "./peer.js";
import { RUNGS, isCalm } from "./ladder.js";

const MOST = 3; // others; a mesh of more overloads a clinic's PC
const THIN = 400000; // bit/s of uplink, below which the picture goes to one of several only
const WIDE = 600000; // bit/s, above which it goes to all again, after a while
const STEADY = 20000; // ms
const FIRST = ["specialist", "requester"]; // who gets the picture on a thin line

export class Call extends EventTarget {
  /**
   * @param {{socket: import("./socket.js").RoomSocket, local: MediaStream, still: () => string}} with_
   */
  constructor({ socket, local, still }) {
    super();
    this.socket = socket;
    this.local = local;
    this.still = still;
    /** @type {Map<string, {user: string, role: string, peer: Peer}>} by connection */
    this.peers = new Map();
    /** @type {RTCIceServer[]} */
    this.ice = [];
    /** @type {any[]} signals of connections that we don't know yet */
    this.early = [];
    this.manual = "";
    this.camera = local.getVideoTracks().length > 0;
    this.mic = local.getAudioTracks().length > 0;
  }

  /** Who is there now, by the greeting or after a change. @param {{user: string, role: string, connection: string | null, status: string}[]} people */
  follow(people, me) {
    const wanted = new Map();
    for (const person of people) {
      if (person.user !== me && person.connection && ["admitted", "away"].includes(person.status)) wanted.set(person.connection, person);
    }
    for (const connection of [...this.peers.keys()]) if (!wanted.has(connection)) this._hangUp(connection);
    for (const [connection, { user, role }] of wanted) {
      if (!this.peers.has(connection) && this.peers.size < MOST) this._ring(connection, user, role);
    }
    this._share();
  }

  /** @param {any} frame a signal */
  hear(frame) {
    const known = this.peers.get(frame.connection);
    if (known) known.peer.hear(frame);
    // It may call before the log says that it came.
    else if (this.early.length < 200) this.early.push(frame);
  }

  /** Our socket is back, or theirs. @param {string} [connection] */
  resume(connection) {
    for (const [theirs, { peer }] of this.peers) if (!connection || connection === theirs) peer.resume();
  }

  /** @param {string} user @returns {Peer | undefined} */
  peerOf(user) {
    return [...this.peers.values()].find((one) => one.user === user)?.peer;
  }

  /** The worst rung of all: what this page must count on. */
  get rung() {
    const rungs = [...this.peers.values()].map(({ peer }) => RUNGS.indexOf(peer.sending));
    return rungs.length ? RUNGS[Math.max(...rungs)] : this.manual || "video";
  }

  /** @param {string} rung "" lets the line decide again */
  choose(rung) {
    this.manual = rung;
    for (const { peer } of this.peers.values()) peer.choose(rung);
    this._line();
  }

  /** @param {boolean} on */
  setCamera(on) {
    this.camera = on;
    this._show();
  }

  /** @param {boolean} on */
  setMic(on) {
    this.mic = on;
    for (const track of this.local.getAudioTracks()) track.enabled = on;
    this._show();
  }

  /** Hang up, and let go of microphone and camera. */
  close() {
    for (const connection of [...this.peers.keys()]) this._hangUp(connection);
    for (const track of this.local.getTracks()) track.stop();
  }

  _show() {
    for (const { peer } of this.peers.values()) peer.show(this.camera, this.mic);
  }

  /** On a thin line one picture that arrives is worth more than three that don't. */
  _share() {
    const all = [...this.peers.values()];
    const known = all.map(({ peer }) => peer.line?.available).filter((rate) => rate);
    const uplink = known.reduce((sum, rate) => sum + rate, 0);
    const now = Date.now();
    if (all.length < 2) this.thin = false;
    else if (known.length && uplink < THIN) {
      this.thin = true;
      this.thinAt = now;
    } else if (this.thin && uplink > WIDE && now - (this.thinAt || 0) > STEADY) this.thin = false;
    else if (this.thin && uplink <= WIDE) this.thinAt = now;
    const rank = ({ role }) => (FIRST.includes(role) ? FIRST.indexOf(role) : FIRST.length);
    const favoured = [...all].sort((a, b) => rank(a) - rank(b))[0];
    for (const one of all) one.peer.withhold(!!this.thin && one !== favoured);
  }

  _ring(connection, user, role) {
    const me = this.socket.connection;
    const send = (frame) => this.socket.send(frame);
    const online = () => this.socket.open;
    const peer = new Peer({ me, them: connection, ice: this.ice, send, online, still: this.still }, this.local);
    this.peers.set(connection, { user, role, peer });
    const changed = () => this.dispatchEvent(new CustomEvent("peer", { detail: { user } }));
    peer.addEventListener("change", changed);
    peer.addEventListener("still", (event) => {
      this.dispatchEvent(new CustomEvent("still", { detail: { user, .../** @type {CustomEvent} */ (event).detail } }));
    });
    peer.addEventListener("bye", () => this._hangUp(connection));
    peer.addEventListener("line", () => {
      this._share();
      this._line();
    });
    if (this.manual) peer.choose(this.manual);
    peer.show(this.camera, this.mic);
    for (const frame of this.early) if (frame.connection === connection) peer.hear(frame);
    this.early = this.early.filter((frame) => frame.connection !== connection);
    changed();
  }

  _hangUp(connection) {
    const one = this.peers.get(connection);
    this.peers.delete(connection);
    one?.peer.close();
    if (one) this.dispatchEvent(new CustomEvent("peer", { detail: { user: one.user } }));
  }

  _line() {
    const all = [...this.peers.values()].map(({ peer }) => peer);
    const worst = all.sort((a, b) => RUNGS.indexOf(b.sending) - RUNGS.indexOf(a.sending))[0];
    const calm = all.every(({ line, ladder }) => !line || isCalm(ladder, line));
    this.dispatchEvent(new CustomEvent("line", { detail: { rung: this.rung, sample: worst?.line, why: worst?.ladder.why, calm } }));
  }
}
