/**
 * The calls of this page: one to each other connection in the room, at most three; or, where the room
 * is at a media engine, to everybody over that.
 *
 * Events: "peer" {user} whenever one changed, "line" {rung, sample, why, calm} each second and on a change.
 */
import { Peer } from "./peer.js";
import { start, step } from "./sharing.js";
import { RUNGS, isCalm } from "./ladder.js";
import { Sfu } from "./sfu.js";
import { Ways } from "./ways.js";
import { claim, release } from "../web/yield.js";

const MOST = 3; // others; a mesh of more overloads a clinic's PC
const STALE = 3000; // ms without word of the line: it may be cut
const DEAD = 60000; // ms without it: nothing is said that something could stand in the way of
const FLOOR = 150000; // bit/s of uplink, below which nothing goes beside a call
const SPEAKS = 0.01; // of full loudness
const DOCTORS = ["specialist", "requester"]; // whose places in a mesh come first

export class Call extends EventTarget {
  /**
   * @param {{socket: import("./socket.js").RoomSocket, local: MediaStream, still: () => string}} with_
   */
  constructor({ socket, local, still }) {
    super();
    this.socket = socket;
    this.local = local;
    this.still = still;
    /** @type {Map<string, {user: string, role: string, peer: Peer | import("./sfu.js").Far}>} by connection */
    this.peers = new Map();
    this.ways = new Ways(() => socket.send({ do: "ways" }));
    /** @type {any[]} signals of connections that we don't know yet */
    this.early = [];
    this.manual = "";
    this.share = start();
    /** @type {string | null} the user who leads */
    this.leader = null;
    /** @type {MediaStreamTrack | null} the screen that this page shows */
    this.screen = null;
    this.left = false; // more are here than a mesh carries, and we are not among the first
    this.camera = local.getVideoTracks().length > 0;
    this.mic = local.getAudioTracks().length > 0;
    this.claims = setInterval(() => this._claim(), 1000);
    this.heardAt = Date.now(); // of a line
    this.calm = false; // whether there is room for more than the call
  }

  /** Who is there now, by the greeting or after a change. @param {{user: string, role: string, connection: string | null, status: string}[]} people */
  follow(people, me) {
    const here = people.filter((person) => (person.connection || person.user === me) && ["admitted", "away"].includes(person.status));
    // The same on every page: the doctors, then who came first.
    this._settle();
    const most = this.sfu ? here.length : MOST + 1;
    const first = [...here].sort((a, b) => Number(!DOCTORS.includes(a.role)) - Number(!DOCTORS.includes(b.role))).slice(0, most);
    this.left = here.some((person) => person.user === me) && !first.some((person) => person.user === me);
    const wanted = new Map();
    for (const person of this.left ? [] : first) {
      if (person.user !== me) wanted.set(person.connection, person);
    }
    for (const connection of [...this.peers.keys()]) if (!wanted.has(connection)) this._hangUp(connection);
    for (const [connection, { user, role }] of wanted) {
      if (!this.peers.has(connection)) this._ring(connection, user, role);
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

  /** @param {string} user @returns {Peer | import("./sfu.js").Far | undefined} */
  peerOf(user) {
    return [...this.peers.values()].find((one) => one.user === user)?.peer;
  }

  /** The worst rung of all: what this page must count on. */
  get rung() {
    if (this.sfu) return this.sfu.rung;
    const rungs = [...this.peers.values()].map(({ peer }) => RUNGS.indexOf(peer.sending));
    return rungs.length ? RUNGS[Math.max(...rungs)] : this.manual || "video";
  }

  /** What the estimates of all calls come to, in bit/s; null when one has none. */
  get uplink() {
    const connected = [...this.peers.values()].filter(({ peer }) => peer.connected);
    const rates = connected.map(({ peer }) => peer.line?.available);
    if (this.sfu) return rates[0] || null; // it goes out once
    return rates.every((rate) => rate) ? rates.reduce((sum, rate) => sum + rate, 0) : null;
  }

  /** Whose alone our picture is, or "". */
  get sharedTo() {
    return this.share.thin && this.rung === "video" ? this.share.to : "";
  }

  /** @param {string} rung "" lets the line decide again */
  choose(rung) {
    this.manual = rung;
    this.sfu?.choose(rung);
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

  /** Another microphone or camera is in the stream now. */
  swap() {
    for (const track of this.local.getAudioTracks()) track.enabled = this.mic;
    this.sfu?.swap();
    for (const { peer } of this.peers.values()) peer.swap();
    this._show();
  }

  /** @param {MediaStreamTrack | null} screen what the others see in place of the camera's picture */
  setScreen(screen) {
    this.screen = screen;
    this.sfu?.share(screen);
    for (const { peer } of this.peers.values()) peer.share(screen);
  }

  /** Hang up; `follow` rings again. */
  pause() {
    for (const connection of [...this.peers.keys()]) this._hangUp(connection);
    this.sfu?.close();
    this.sfu = undefined;
  }

  /** Hang up, and let go of microphone, camera and screen. */
  close() {
    this.pause();
    this.screen?.stop();
    for (const track of this.local.getTracks()) track.stop();
    this.ways.close();
    clearInterval(this.claims);
    release();
  }

  /** Between the mesh and the media engine, as the room says: everything is hung up and rung anew. */
  _settle() {
    if (!!this.sfu === !!this.ways.engine) return;
    for (const connection of [...this.peers.keys()]) this._hangUp(connection);
    this.sfu?.close();
    this.sfu = undefined;
    if (!this.ways.engine) return;
    const sfu = new Sfu({ ways: this.ways, local: this.local, still: this.still });
    this.sfu = sfu;
    sfu.manual = this.manual;
    sfu.show(this.camera, this.mic);
    sfu.share(this.screen);
    sfu.addEventListener("line", () => this._line());
    sfu.addEventListener("lost", () => this.socket.send({ do: "stuck" }));
  }

  _show() {
    this.sfu?.show(this.camera, this.mic);
    for (const { peer } of this.peers.values()) peer.show(this.camera, this.mic);
  }

  _share() {
    if (this.sfu) {
      this.share = start(); // it goes out once, whoever gets it
      return;
    }
    const all = [...this.peers.values()];
    const others = all.filter(({ peer }) => peer.connected);
    const { uplink } = this;
    const loudest = [...others].sort((a, b) => (b.peer.line?.level || 0) - (a.peer.line?.level || 0))[0];
    const speaker = (loudest?.peer.line?.level || 0) > SPEAKS ? loudest.user : null;
    this.share = step(this.share, { at: Date.now(), others, uplink, leader: this.leader, speaker });
    for (const { user, peer } of all) peer.withhold(this.share.thin && user !== this.share.to);
  }

  _ring(connection, user, role) {
    const me = this.socket.connection;
    const send = (frame) => this.socket.send(frame);
    const online = () => this.socket.open;
    const peer = this.sfu ? this.sfu.far(user) : new Peer({ me, them: connection, ways: this.ways, send, online, still: this.still }, this.local);
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
    if (this.screen) peer.share(this.screen);
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
    this.calm = all.every(({ line, ladder }) => !line || isCalm(ladder, line));
    this.heardAt = Date.now();
    this.dispatchEvent(new CustomEvent("line", { detail: { rung: this.rung, sample: worst?.line, why: worst?.ladder.why, calm: this.calm } }));
  }

  /** What the other pages of this browser may send beside us: little, and nothing where the line has nothing to spare. */
  _claim() {
    const silent = Date.now() - this.heardAt;
    if (!this.peers.size || silent > DEAD) return release();
    const fresh = silent < STALE;
    const rate = (this.camera && this.uplink) || 0; // without a picture the browser's estimate is of none
    const spare = fresh && this.calm && this.rung === "video" && (!rate || rate >= FLOOR);
    claim({ uplink: rate, spare });
  }
}
