/**
 * One's own voice, sent out and back over the ways that a call would take: two connections of this
 * page, over the relay where there is one. Three seconds of it are kept for as long as one listens.
 */
const FOUND = 5000; // ms that a way may take
const LASTS = 3000; // ms of voice

/**
 * @param {MediaStreamTrack} voice @param {RTCIceServer[]} servers @param {() => void} speak called when one is to speak
 * @returns {Promise<{way: "relay" | "direct" | "none", sound: Blob | null, loss: number}>}
 */
export async function hearOneself(voice, servers, speak) {
  const turn = servers.some(({ urls }) => [urls].flat().some((url) => /^turns?:/.test(url)));
  for (const way of /** @type {const} */ (turn ? ["relay", "direct"] : ["direct"])) {
    const loop = new Loop(servers, way === "relay");
    try {
      const stream = await loop.open(voice);
      speak();
      const sound = await record(stream);
      return { way, sound, loss: await loop.loss() };
    } catch {
      // the other way, or none
    } finally {
      loop.close();
    }
  }
  return { way: "none", sound: null, loss: 0 };
}

class Loop {
  /** @param {RTCIceServer[]} iceServers @param {boolean} relayed */
  constructor(iceServers, relayed) {
    const set = { iceServers, iceTransportPolicy: /** @type {RTCIceTransportPolicy} */ (relayed ? "relay" : "all") };
    this.near = new RTCPeerConnection(set);
    this.far = new RTCPeerConnection(set);
  }

  /** @param {MediaStreamTrack} voice @returns {Promise<MediaStream>} as it comes back */
  async open(voice) {
    const { near, far } = this;
    const passes = (to) => ({ candidate }) => candidate && to.addIceCandidate(candidate).catch(() => {});
    const came = new Promise((done) => (far.ontrack = ({ track }) => done(new MediaStream([track]))));
    const met = new Promise((done, fail) => {
      setTimeout(fail, FOUND);
      near.onconnectionstatechange = () => {
        if (near.connectionState === "connected") done(undefined);
        if (near.connectionState === "failed") fail();
      };
    });
    met.catch(() => {}); // awaited below, where it may have failed before
    near.addTrack(voice);
    await near.setLocalDescription(await near.createOffer());
    await far.setRemoteDescription(/** @type {any} */ (near.localDescription));
    await far.setLocalDescription(await far.createAnswer());
    await near.setRemoteDescription(/** @type {any} */ (far.localDescription));
    // Both have their descriptions; what they find from now on, and what they found before, is passed.
    near.onicecandidate = passes(far);
    far.onicecandidate = passes(near);
    await this._passEarly();
    await met;
    return /** @type {Promise<MediaStream>} */ (came);
  }

  /** Candidates that were found meanwhile stand in the descriptions. */
  async _passEarly() {
    for (const [from, to] of [[this.near, this.far], [this.far, this.near]]) {
      const found = from.localDescription?.sdp.match(/^a=candidate:.*$/gm) || [];
      for (const line of found) await to.addIceCandidate({ candidate: line.slice(2), sdpMLineIndex: 0 }).catch(() => {});
    }
  }

  /** The share of packets that did not come back. */
  async loss() {
    let [came, lost] = [0, 0];
    (await this.far.getStats()).forEach((one) => {
      if (one.type !== "inbound-rtp") return;
      came += one.packetsReceived || 0;
      lost += Math.max(one.packetsLost || 0, 0);
    });
    return came + lost > 0 ? lost / (came + lost) : 1;
  }

  close() {
    this.near.close();
    this.far.close();
  }
}

/** @param {MediaStream} stream @returns {Promise<Blob | null>} null where a browser can't keep it */
async function record(stream) {
  // Chromium hands a stream on only while an element plays it.
  const player = Object.assign(new Audio(), { srcObject: stream, muted: true });
  player.play().catch(() => {});
  const wait = new Promise((done) => setTimeout(done, LASTS));
  if (typeof MediaRecorder === "undefined") return wait.then(() => null);
  const recorder = new MediaRecorder(stream);
  /** @type {Blob[]} */
  const pieces = [];
  const stopped = new Promise((done) => (recorder.onstop = done));
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  recorder.start();
  await wait;
  recorder.stop();
  await stopped;
  player.srcObject = null;
  return new Blob(pieces, { type: recorder.mimeType });
}
