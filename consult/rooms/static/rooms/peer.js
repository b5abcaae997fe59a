/**
 * One call to one connection. Of two pages the one with the greater connection id is the caller:
 * it alone offers, so offers never cross; the other asks for a new offer by an empty signal.
 *
 * A generation is one RTCPeerConnection; both sides start the next when restarts do not help.
 * Sound and picture have their places from the first offer on, so nothing is negotiated again when
 * the picture stops or returns.
 */
import { RUNGS, start, step } from "./ladder.js";
import { pace } from "./pace.js";
import { sampler } from "./stats.js";

const SILENCE = 8000; // ms without a sign of the other before the path is tried anew
const CUT = 2500; // ms without a sign that are no mere hiccup
const SETTLES = 4000; // ms after it until the counts are of the new line alone
const PAUSE = 5000; // ms between two tries at least
const RESTARTS = 3; // tries before everything is built anew
const SOUND_RATE = 20000; // bit/s
const THIN_SOUND_RATE = 14000; // where no picture goes
const SOUND_FRAME = 40; // ms in a packet: half the headers of the usual 20
const PICTURE_RATE = 450000;
const STILL_EVERY = 5000; // ms

export class Peer extends EventTarget {
  /**
   * @param {{me: string, them: string, ways: import("./ways.js").Ways, send: (frame: object) => boolean, online: () => boolean, still: () => string}} call
   * @param {MediaStream} local
   */
  constructor(call, local) {
    super();
    this.call = call;
    this.local = local;
    this.caller = call.me > call.them;
    this.generation = 0;
    this.manual = "";
    this.camera = true;
    this.withheld = false; // the picture goes to another: stills instead
    /** @type {MediaStreamTrack | null} what goes in place of the camera's picture */
    this.screen = null;
    this.theirs = { rung: "audio", camera: true, mic: true, stills: false, elsewhere: false, screen: false };
    this.media = new MediaStream();
    this.ladder = start(Date.now());
    this.aliveAt = this.triedAt = Date.now();
    this.tries = 0;
    this._build();
    this.timer = setInterval(() => this._watch(), 1000);
  }

  get connected() {
    return this.pc.connectionState === "connected";
  }

  /** The rung of this side: by hand, or what the line bears. */
  get rung() {
    return this.manual || this.ladder.rung;
  }

  /** What this side sends: no better than either end of the line bears. */
  get sending() {
    return RUNGS[Math.max(RUNGS.indexOf(this.rung), RUNGS.indexOf(this.theirs.rung))];
  }

  /**
   * One after the other: a candidate must not overtake the description it belongs to.
   * @param {{generation: number, description?: any, candidate?: any}} signal
   */
  hear(signal) {
    this.hearing = (this.hearing || Promise.resolve()).then(() => this._hear(signal)).catch(() => this.renew());
  }

  async _hear(signal) {
    const asks = !signal.description && !signal.candidate;
    if (asks && this.caller) return this._again();
    if (asks || signal.generation < this.generation) return;
    if (signal.generation > this.generation) {
      this.generation = signal.generation;
      this._build();
    }
    const pc = this.pc;
    if (signal.candidate) {
      // A candidate of an offer that was replaced meanwhile does no harm.
      if (pc.remoteDescription) await pc.addIceCandidate(signal.candidate).catch(() => {});
      return;
    }
    const { type, sdp } = signal.description;
    if (type === "answer" && pc.signalingState !== "have-local-offer") return; // to an offer that came twice
    if (type === "offer" && sdp === this.offered && pc.localDescription) return this._answer();
    if (type === "offer") await this._refresh(pc);
    await pc.setRemoteDescription(longer(signal.description));
    if (type !== "offer") return;
    this.offered = sdp;
    await this._place();
    await pc.setLocalDescription(await pc.createAnswer());
    this._answer();
  }

  _answer() {
    this._signal({ description: { type: "answer", sdp: this.pc.localDescription?.sdp } });
  }

  /** The other asks. An offer that nobody answered was lost: it went before they were back. */
  async _again() {
    if (this.pc.signalingState !== "have-local-offer") return this.renew();
    this._signal({ description: { type: "offer", sdp: this.pc.localDescription?.sdp } });
  }

  /** Find a new way to the other; by the caller, or by asking it. */
  async renew() {
    if (Date.now() - this.triedAt < PAUSE || !this.call.online()) return;
    this.triedAt = Date.now();
    if (!this.caller) {
      this._signal({});
      return;
    }
    this.tries += 1;
    const pc = this.pc;
    await this._refresh(pc);
    if (pc !== this.pc) return; // built anew meanwhile
    if (this.tries > RESTARTS) {
      this.generation += 1;
      this._build();
      return;
    }
    await this._offer({ iceRestart: true });
  }

  /** The socket is back: whatever was said while it was gone is lost. */
  resume() {
    if (this.connected && Date.now() - this.aliveAt < 3000) return;
    this.triedAt = 0;
    this.renew();
  }

  /** @param {string} rung "" for automatic */
  choose(rung) {
    this.manual = rung;
    this._apply();
  }

  /** @param {boolean} camera @param {boolean} mic */
  show(camera, mic) {
    this.camera = camera;
    this.mic = mic;
    this._apply();
  }

  /** @param {MediaStreamTrack | null} screen a picture of it, in place of the camera's */
  share(screen) {
    this.screen = screen;
    this._apply();
  }

  /** Another microphone or camera has taken the place of the one before: nothing is negotiated anew. */
  swap() {
    this.audio?.sender.replaceTrack(this.local.getAudioTracks()[0] || null).catch(() => {});
    this._apply();
  }

  /** @param {boolean} withheld */
  withhold(withheld) {
    if (this.withheld === withheld) return;
    this.withheld = withheld;
    this._apply();
  }

  close() {
    clearInterval(this.timer);
    clearInterval(this.stills);
    if (this.channel?.readyState === "open") this.channel.send(JSON.stringify({ bye: true }));
    this.pc.close();
  }

  _build() {
    this.pc?.close();
    const pc = new RTCPeerConnection(this._ways());
    this.pc = pc;
    this.tries = 0;
    this.offered = "";
    this.sample = sampler();
    this.media = new MediaStream();
    pc.onicecandidate = ({ candidate }) => candidate && pc === this.pc && this._signal({ candidate: plain(candidate) });
    pc.onconnectionstatechange = () => pc === this.pc && this._state();
    pc.ontrack = ({ track }) => {
      this.media.addTrack(track);
      track.onunmute = track.onmute = () => this._changed();
      this._changed();
    };
    const channel = pc.createDataChannel("room", { negotiated: true, id: 0 });
    channel.onopen = () => this._tell();
    channel.onmessage = ({ data }) => pc === this.pc && this._told(JSON.parse(data));
    this.channel = channel;
    if (this.caller) {
      this.audio = pc.addTransceiver("audio", { direction: "sendrecv" });
      this.video = pc.addTransceiver("video", { direction: "sendrecv" });
      this._refresh(pc)
        .then(() => pc === this.pc && this._place())
        .then(() => pc === this.pc && this._offer({}));
    }
    this._changed();
  }

  _ways() {
    return { iceServers: this.call.ways.servers, bundlePolicy: /** @type {RTCBundlePolicy} */ ("max-bundle") };
  }

  /** A way that is looked for now must not be asked for under credentials that are dead. */
  async _refresh(pc) {
    await this.call.ways.fresh();
    if (pc.signalingState !== "closed") pc.setConfiguration(this._ways());
  }

  /** Put our sound and picture where the offer has room for them. */
  async _place() {
    if (this.pc.signalingState === "closed") return; // hung up meanwhile
    for (const transceiver of this.pc.getTransceivers()) {
      transceiver.direction = "sendrecv";
      if (transceiver.receiver.track.kind === "audio") this.audio = transceiver;
      else this.video = transceiver;
    }
    await this.audio?.sender.replaceTrack(this.local.getAudioTracks()[0] || null);
    this._apply();
  }

  async _offer(options) {
    const pc = this.pc;
    try {
      await pc.setLocalDescription(await pc.createOffer(options));
    } catch {
      return; // closed or replaced meanwhile; the watch tries again
    }
    if (pc === this.pc) this._signal({ description: { type: "offer", sdp: pc.localDescription?.sdp } });
  }

  _signal(body) {
    this.call.send({ do: "signal", to: this.call.them, generation: this.generation, ...body });
  }

  _state() {
    if (this.connected) {
      this.tries = 0;
      this.aliveAt = Date.now();
      this._limit();
    }
    if (this.pc.connectionState === "failed") this.renew();
    this._changed();
  }

  async _watch() {
    const pc = this.pc;
    const now = Date.now();
    const sample = await this.sample(pc, now).catch(() => null);
    if (pc !== this.pc) return;
    if (sample?.alive) this.aliveAt = now;
    // The first seconds after a cut count the loss of all of it: they say nothing of the line.
    if (now - this.aliveAt > CUT) {
      this.cutAt = now;
      this.ladder = { ...this.ladder, recent: [] };
    }
    if (now - this.aliveAt > SILENCE) {
      this.renew();
      return;
    }
    // One second behind, because the second in which a line is cut does not either.
    const heard = this.heard;
    this.heard = sample?.alive ? sample : null;
    if (!heard || !this.heard || !this.connected || now - (this.cutAt || 0) < SETTLES) return;
    this.line = heard;
    const before = this.rung;
    // While no picture goes, the browser's estimate of the rate is of no picture.
    this.ladder = step(this.ladder, this.video?.sender.track ? heard : { ...heard, available: null });
    if (this.rung !== before) this._apply();
    else if (this.screen) this._limit();
    this.dispatchEvent(new Event("line"));
  }

  /** What there is to see of this side: the screen that it shares, or its camera's picture. */
  get _shown() {
    return this.screen || (this.camera && this.local.getVideoTracks()[0]) || null;
  }

  /** Send as much as the rung says, and tell the other. */
  _apply() {
    const picture = this.sending === "video" && !this.withheld ? this._shown : null;
    const sender = this.video?.sender;
    if (sender && sender.track !== picture) sender.replaceTrack(picture).catch(() => {});
    this._limit();
    clearInterval(this.stills);
    if (this._stills) {
      this._still();
      this.stills = setInterval(() => this._still(), STILL_EVERY);
    }
    this._tell();
    this._changed();
  }

  /** Whether a still every few seconds stands for the picture. */
  get _stills() {
    return (this.camera || !!this.screen) && (this.sending === "still" || (this.withheld && this.sending === "video"));
  }

  _limit() {
    const sound = this.sending === "video" ? SOUND_RATE : THIN_SOUND_RATE;
    const screen = this.screen && pace(this.line?.available);
    for (const [transceiver, rate] of [[this.audio, sound], [this.video, screen ? screen.rate : PICTURE_RATE]]) {
      const parameters = transceiver?.sender.getParameters();
      if (!parameters?.encodings?.length) continue; // before the first negotiation
      parameters.encodings[0].maxBitrate = rate;
      if (transceiver === this.video) {
        if (screen) parameters.encodings[0].maxFramerate = screen.frames;
        else delete parameters.encodings[0].maxFramerate;
        parameters.degradationPreference = screen ? "maintain-resolution" : "balanced";
      }
      if (rate === sound) parameters.encodings[0].networkPriority = parameters.encodings[0].priority = "high";
      transceiver.sender.setParameters(parameters).catch(() => {});
    }
  }

  _still() {
    const picture = this.call.still();
    if (picture && this.channel.readyState === "open" && this.channel.bufferedAmount === 0) {
      this.channel.send(JSON.stringify({ still: picture }));
    }
  }

  _tell() {
    if (this.channel?.readyState !== "open") return;
    const seen = this.camera || !!this.screen;
    const elsewhere = this.withheld && this.sending === "video" && seen;
    const camera = seen && !this.withheld;
    const mine = { rung: this.rung, camera, mic: this.mic !== false, stills: this._stills, elsewhere, screen: !!this.screen };
    this.channel.send(JSON.stringify(mine));
  }

  _told(said) {
    if (said.bye) this.dispatchEvent(new Event("bye"));
    else if (said.still) this.dispatchEvent(new CustomEvent("still", { detail: { picture: said.still, at: Date.now() } }));
    else if (RUNGS.includes(said.rung)) {
      const before = this.sending;
      this.theirs = said;
      if (this.sending !== before) this._apply();
      this._changed();
    }
  }

  _changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** RTCIceCandidate as a plain object. @param {RTCIceCandidate} candidate */
function plain({ candidate, sdpMid, sdpMLineIndex, usernameFragment }) {
  return { candidate, sdpMid, sdpMLineIndex, usernameFragment };
}

/**
 * The other's description, asking our encoder for longer packets of sound (RFC 8866, 6.4).
 * @param {{type: RTCSdpType, sdp: string}} description
 */
function longer({ type, sdp }) {
  const ours = (audio) => `${audio.replace(/a=ptime:.*\r\n/, "")}a=ptime:${SOUND_FRAME}\r\n`;
  return { type, sdp: sdp.replace(/m=audio[^]*?(?=m=|$)/, ours) };
}
