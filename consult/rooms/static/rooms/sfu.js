/**
 * A call over a media engine (LiveKit) in place of one to each other page: everybody sends once, and
 * the engine hands it on. `far()` gives one end for each other person, with what Peer has; tiles,
 * ladder and roster do not know which of the two it is.
 *
 * Events: "line" each second and on a change; "lost" when the engine cannot be reached (again).
 */
import { RUNGS, start, step } from "./ladder.js";
import { sampler } from "./stats.js";

const AGAIN = 10000; // ms to the next try
const PICTURE = { maxBitrate: 450000, maxFramerate: 15 };
const SOUND_RATE = 20000; // bit/s
const STILL_EVERY = 5000; // ms
const MOST_SAID = 14000; // bytes in one message; the engine takes 15 KiB
const TOPIC = "room";

/** @returns {Promise<any>} LiveKit's client, which only rooms that an engine carries load */
async function loadClient() {
  await import("./vendor/livekit-client.umd.js");
  return /** @type {any} */ (globalThis).LivekitClient;
}

export class Sfu extends EventTarget {
  /** @param {{ways: import("./ways.js").Ways, local: MediaStream, still: () => string}} with_ */
  constructor({ ways, local, still }) {
    super();
    this.ways = ways;
    this.local = local;
    this.still = still;
    /** @type {Map<string, Far>} by user, which is their name at the engine */
    this.ends = new Map();
    this.manual = "";
    this.camera = this.mic = true;
    this.ladder = start(Date.now());
    this.sample = sampler();
    this.over = false;
    this.timer = setInterval(() => this._watch(), 1000);
    this.stills = setInterval(() => this._still(), STILL_EVERY);
    this._connect();
  }

  get connected() {
    return this.room?.state === "connected";
  }

  get rung() {
    return this.manual || this.ladder.rung;
  }

  /** @param {string} user @returns {Far} */
  far(user) {
    const end = new Far(this, user);
    this.ends.set(user, end);
    end.look();
    return end;
  }

  choose(rung) {
    this.manual = rung;
    this._apply();
  }

  show(camera, mic) {
    this.camera = camera;
    this.mic = mic;
    this._apply();
  }

  close() {
    this.over = true;
    clearInterval(this.timer);
    clearInterval(this.stills);
    clearTimeout(this.retrying);
    this.room?.disconnect(false); // the tracks are the page's
    for (const track of this.copies || []) track.stop();
  }

  /** @param {string} user @returns {any} how the engine has them */
  theirs(user) {
    return this.connected ? this.room.remoteParticipants.get(user) : undefined;
  }

  async _connect() {
    try {
      const kit = (this.kit = await loadClient());
      await this.ways.fresh();
      if (this.over || !this.ways.engine) return;
      // Our tiles are elements of our own, so it can't know what is in sight: no adaptive stream.
      const room = new kit.Room({ adaptiveStream: false, dynacast: true, disconnectOnPageLeave: false });
      this.room = room;
      this._listen(room, kit.RoomEvent);
      await room.connect(this.ways.engine.url, this.ways.engine.token);
      if (this.over) return room.disconnect(false);
      await this._publish(room, kit.Track.Source);
      this._apply();
    } catch {
      this._lost(this.room);
    }
  }

  _listen(room, events) {
    const look = (participant) => room === this.room && this.ends.get(participant?.identity)?.look();
    const on = (name, heard) => room.on(events[name], heard);
    for (const name of ["ParticipantConnected", "ParticipantDisconnected"]) on(name, (participant) => look(participant));
    for (const name of ["TrackSubscribed", "TrackUnsubscribed"]) on(name, (_track, _publication, participant) => look(participant));
    for (const name of ["TrackMuted", "TrackUnmuted"]) on(name, (_publication, participant) => look(participant));
    on("ParticipantConnected", () => this._tell());
    on("TrackPublished", () => this._receive());
    on("DataReceived", (payload, participant, _kind, topic) => {
      if (topic === TOPIC) this.ends.get(participant?.identity)?.told(JSON.parse(new TextDecoder().decode(payload)));
    });
    for (const name of ["Reconnecting", "Reconnected"]) on(name, () => this._lookAtAll());
    on("Disconnected", () => this._lost(room));
  }

  _lost(room) {
    if (this.over || room !== this.room) return;
    this.room = undefined;
    this.published = undefined;
    this._lookAtAll();
    this.dispatchEvent(new Event("lost"));
    clearTimeout(this.retrying);
    this.retrying = setTimeout(() => this._connect(), AGAIN);
  }

  /** Copies go out: what is muted there stays visible in our own tile. */
  async _publish(room, source) {
    for (const track of this.copies || []) track.stop();
    const [sound, picture] = [this.local.getAudioTracks()[0], this.local.getVideoTracks()[0]].map((track) => track?.clone());
    this.copies = [sound, picture].filter(Boolean);
    const published = {};
    if (sound) published.sound = await room.localParticipant.publishTrack(sound, { source: source.Microphone, audioPreset: { maxBitrate: SOUND_RATE }, dtx: true, red: true });
    if (picture) published.picture = await room.localParticipant.publishTrack(picture, { source: source.Camera, videoEncoding: PICTURE, simulcast: true });
    if (room === this.room) this.published = published;
  }

  /** Send as much as the rung says, take as much as it bears, and tell the others. */
  _apply() {
    const { sound, picture } = this.published || {};
    quiet(picture, !(this.camera && this.rung === "video"));
    quiet(sound, !this.mic);
    this._receive();
    this._tell();
    this._lookAtAll();
  }

  _receive() {
    if (!this.connected) return;
    for (const participant of this.room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) {
        if (publication.kind === "video") publication.setSubscribed(this.rung === "video");
      }
    }
  }

  _tell() {
    this._say({ rung: this.rung, camera: this.camera, mic: this.mic, stills: this._stills });
  }

  get _stills() {
    return this.camera && this.rung === "still";
  }

  _still() {
    const picture = this._stills && this.still();
    if (picture) this._say({ still: picture });
  }

  _say(message) {
    if (!this.connected) return;
    const payload = new TextEncoder().encode(JSON.stringify(message));
    if (payload.length > MOST_SAID) return;
    // Who only observes may not say anything there.
    this.room.localParticipant.publishData(payload, { reliable: true, topic: TOPIC }).catch(() => {});
  }

  async _watch() {
    if (!this.connected) return;
    const sample = await this.sample({ getStats: () => this._report() }, Date.now()).catch(() => null);
    if (!sample?.alive || !this.connected) return;
    this.line = sample;
    const before = this.rung;
    this.ladder = step(this.ladder, sample);
    if (this.rung !== before) this._apply();
    this.dispatchEvent(new Event("line"));
  }

  /** What all tracks know of the line, as one report. @returns {Promise<any>} */
  async _report() {
    const all = new Map();
    const mine = Object.values(this.published || {}).map((publication) => publication.track);
    for (const track of mine) (await track?.getRTCStatsReport())?.forEach((one) => all.set(one.id, one));
    const tracks = [...this.room.remoteParticipants.values()].flatMap((one) => [...one.trackPublications.values()]).map((one) => one.track);
    for (const track of tracks) {
      // What comes in has a connection of its own, which knows nothing of our uplink.
      (await track?.getRTCStatsReport())?.forEach((one) => all.has(one.id) || all.set(one.id, { ...one, availableOutgoingBitrate: undefined }));
    }
    return all;
  }

  _lookAtAll() {
    for (const end of this.ends.values()) end.look();
  }
}

/** One other person, as Peer is one. */
export class Far extends EventTarget {
  /** @param {Sfu} sfu @param {string} user */
  constructor(sfu, user) {
    super();
    this.sfu = sfu;
    this.user = user;
    this.media = new MediaStream();
    this.said = { rung: "video", stills: false, elsewhere: false };
    this.theirs = { ...this.said, camera: false, mic: false };
  }

  get connected() {
    return !!this.sfu.theirs(this.user);
  }

  /** What passes between the two of us: no better than either end bears. */
  get sending() {
    return RUNGS[Math.max(RUNGS.indexOf(this.sfu.rung), RUNGS.indexOf(this.theirs.rung))];
  }

  get line() {
    return this.sfu.line;
  }

  get ladder() {
    return this.sfu.ladder;
  }

  /** Take their tracks and what is muted from the engine. */
  look() {
    const participant = this.sfu.theirs(this.user);
    const published = [...(participant?.trackPublications.values() || [])];
    const wanted = published.map((one) => one.track?.mediaStreamTrack).filter(Boolean);
    for (const track of this.media.getTracks()) if (!wanted.includes(track)) this.media.removeTrack(track);
    for (const track of wanted) if (!this.media.getTracks().includes(track)) this.media.addTrack(track);
    const open = (kind) => published.some((one) => one.kind === kind && !one.isMuted && (kind === "audio" || one.track));
    this.theirs = { ...this.said, camera: open("video"), mic: open("audio") };
    this.dispatchEvent(new Event("change"));
  }

  told(said) {
    if (said.still) this.dispatchEvent(new CustomEvent("still", { detail: { picture: said.still, at: Date.now() } }));
    else if (RUNGS.includes(said.rung)) {
      this.said = { rung: said.rung, stills: !!said.stills, elsewhere: false };
      this.look();
    }
  }

  close() {
    if (this.sfu.ends.get(this.user) === this) this.sfu.ends.delete(this.user);
  }

  // The engine's one line serves all: these are the hub's business.
  hear() {}
  resume() {}
  choose() {}
  show() {}
  withhold() {}
}

/** @param {any} publication of ours @param {boolean} muted */
function quiet(publication, muted) {
  const track = publication?.track;
  if (track && track.isMuted !== muted) (muted ? track.mute() : track.unmute()).catch(() => {});
}
