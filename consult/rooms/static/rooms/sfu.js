/**
 * A call over a media engine (LiveKit) in place of one to each other page: everybody sends once, and
 * the engine hands it on. `far()` gives one end for each other person, with what Peer has; tiles,
 * ladder and roster do not know which of the two it is.
 *
 * Events: "line" each second and on a change; "lost" when the engine cannot be reached (again).
 */
import { RUNGS, start, step } from "./ladder.js";
import { pace } from "./pace.js";
import { sampler } from "./stats.js";

const AGAIN = 10000; // ms to the next try
const PICTURE = { maxBitrate: 450000, maxFramerate: 15 };
const SOUND_RATE = 20000; // bit/s
const STILL_EVERY = 5000; // ms
const MOST_SAID = 14000; // bytes in one message; the engine takes 15 KiB
const TOPIC = "room";
const SCREEN = "screen_share"; // the source

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
    /** @type {MediaStreamTrack | null} the screen that this page shows */
    this.screen = null;
    /** @type {Promise<any>} one change of what is published after the other */
    this.publishing = Promise.resolve();
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

  /** @param {MediaStreamTrack | null} screen */
  share(screen) {
    this.screen = screen;
    this._publish();
  }

  /** Another microphone or camera is in the stream. */
  swap() {
    this._publish();
  }

  close() {
    this.over = true;
    clearInterval(this.timer);
    clearInterval(this.stills);
    clearTimeout(this.retrying);
    this.room?.disconnect(false); // the tracks are the page's
    this._forget();
  }

  _forget() {
    for (const { copy } of Object.values(this.published || {})) copy.stop();
    this.published = undefined;
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
      await this._publish();
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
    this._forget();
    this._lookAtAll();
    this.dispatchEvent(new Event("lost"));
    clearTimeout(this.retrying);
    this.retrying = setTimeout(() => this._connect(), AGAIN);
  }

  /** What there is to send goes out, and what is no more is taken back; one change after the other. */
  _publish() {
    this.publishing = this.publishing.then(() => this._settle()).catch(() => this._lost(this.room));
    return this.publishing;
  }

  async _settle() {
    const { room, kit } = this;
    if (!this.connected || !kit) return;
    const source = kit.Track.Source;
    const screen = pace(this.line?.available);
    const wanted = {
      sound: [this.local.getAudioTracks()[0], { source: source.Microphone, audioPreset: { maxBitrate: SOUND_RATE }, dtx: true, red: true }],
      picture: [this.local.getVideoTracks()[0], { source: source.Camera, videoEncoding: PICTURE, simulcast: true }],
      screen: [this.screen, { source: source.ScreenShare, videoEncoding: { maxBitrate: screen.rate, maxFramerate: screen.frames }, simulcast: false }],
    };
    this.published = this.published || {};
    for (const [name, [track, options]] of Object.entries(wanted)) await this._settleOne(room, name, track, options);
    if (room === this.room) this._apply();
  }

  /** Copies go out: what is muted there stays visible in our own tile. */
  async _settleOne(room, name, track, options) {
    const mine = this.published || {};
    const before = mine[name];
    if (before?.original === track || (!before && !track)) return;
    if (before && !track) {
      delete mine[name];
      await room.localParticipant.unpublishTrack(before.copy);
      before.copy.stop();
      return;
    }
    const copy = track.clone();
    if (name === "screen") copy.contentHint = "detail";
    const publication = before?.publication || (await room.localParticipant.publishTrack(copy, options));
    if (before) await publication.track.replaceTrack(copy, true);
    before?.copy.stop();
    mine[name] = { original: track, copy, publication };
    if (room !== this.room) copy.stop();
  }

  /** Send as much as the rung says, take as much as it bears, and tell the others. */
  _apply() {
    const { sound, picture, screen } = this.published || {};
    // On the same line as the camera's, so it goes in its place.
    quiet(picture?.publication, !!screen || !(this.camera && this.rung === "video"));
    quiet(screen?.publication, this.rung !== "video");
    quiet(sound?.publication, !this.mic);
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
    this._say({ rung: this.rung, camera: this.camera, mic: this.mic, stills: this._stills, screen: !!this.screen });
  }

  get _stills() {
    return (this.camera || !!this.screen) && this.rung === "still";
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
    const mine = Object.values(this.published || {}).map(({ publication }) => publication.track);
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
    this.said = { rung: "video", stills: false, elsewhere: false, screen: false };
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
    const all = [...(participant?.trackPublications.values() || [])];
    const screen = all.find((one) => one.source === SCREEN && one.track);
    // A shared screen stands in the place of the camera's picture.
    const published = screen ? all.filter((one) => one === screen || one.kind === "audio") : all.filter((one) => one.source !== SCREEN);
    const wanted = published.map((one) => one.track?.mediaStreamTrack).filter(Boolean);
    for (const track of this.media.getTracks()) if (!wanted.includes(track)) this.media.removeTrack(track);
    for (const track of wanted) if (!this.media.getTracks().includes(track)) this.media.addTrack(track);
    const open = (kind) => published.some((one) => one.kind === kind && !one.isMuted && (kind === "audio" || one.track));
    this.theirs = { ...this.said, screen: !!screen || this.said.screen, camera: open("video"), mic: open("audio") };
    this.dispatchEvent(new Event("change"));
  }

  told(said) {
    if (said.still) this.dispatchEvent(new CustomEvent("still", { detail: { picture: said.still, at: Date.now() } }));
    else if (RUNGS.includes(said.rung)) {
      this.said = { rung: said.rung, stills: !!said.stills, elsewhere: false, screen: !!said.screen };
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
  share() {}
  swap() {}
  withhold() {}
}

/** @param {any} publication of ours @param {boolean} muted */
function quiet(publication, muted) {
  const track = publication?.track;
  if (track && track.isMuted !== muted) (muted ? track.mute() : track.unmute()).catch(() => {});
}
