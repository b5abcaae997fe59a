/** Picture and sound of those in the room as one stream, in pieces that leave one after the other. */

const WIDTH = 640;
const HEIGHT = 360;
const FRAMES = 12; // a second
const PIECE = 2000; // ms
const RATES = { videoBitsPerSecond: 300_000, audioBitsPerSecond: 32_000 };
const KINDS = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
const AGAIN = 1500; // ms before a piece that did not go is tried again

export class Recorder {
  /**
   * @param {{call: any, tiles: HTMLElement, post: (number: number, piece: Blob, type: string) => Promise<boolean>, spare: () => boolean}} room
   *   `post` rejects when it never will be taken; `spare`: whether the line has room for it now.
   */
  constructor(room) {
    this.room = room;
    this.kind = typeof MediaRecorder === "undefined" ? "" : KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) || "";
    /** @type {Blob[]} */
    this.queue = [];
    this.number = 0;
    this.ended = false;
    /** @type {Map<MediaStreamTrack, MediaStreamAudioSourceNode>} */
    this.voices = new Map();
  }

  start() {
    this.canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
    this.pen = this.canvas.getContext("2d");
    this.sound = new AudioContext();
    this.mix = this.sound.createMediaStreamDestination();
    this.drawing = setInterval(() => this._draw(), 1000 / FRAMES);
    this._draw();
    const stream = new MediaStream([...this.canvas.captureStream(FRAMES).getVideoTracks(), ...this.mix.stream.getAudioTracks()]);
    this.media = new MediaRecorder(stream, { mimeType: this.kind, ...RATES });
    this.media.ondataavailable = (event) => {
      if (!event.data.size) return;
      this.queue.push(event.data);
      this._send();
    };
    this.media.start(PIECE);
  }

  pause() {
    if (this.media?.state === "recording") {
      this.media.requestData();
      this.media.pause();
    }
  }

  resume() {
    if (this.media?.state === "paused") this.media.resume();
  }

  /** The last piece too is on its way; resolves when all have arrived. */
  async stop() {
    if (!this.media || this.ended) return this.emptied;
    this.ended = true;
    this.emptied = new Promise((resolve) => (this.whenEmpty = resolve));
    const last = new Promise((resolve) => (this.media.onstop = resolve));
    if (this.media.state !== "inactive") {
      this.media.stop();
      await last;
    }
    clearInterval(this.drawing);
    this.sound.close();
    this._send();
    return this.emptied;
  }

  /** One after the other, and calls have right of way until it is stopped. */
  async _send() {
    if (this.sending) return;
    this.sending = true;
    while (this.queue.length && (this.ended || this.room.spare())) {
      const taken = await this.room.post(this.number, this.queue[0], this.kind).catch(() => null);
      if (taken === null) this.queue.length = 0; // it is over, and what is there is kept
      else if (taken) {
        this.queue.shift();
        this.number++;
      } else await new Promise((done) => setTimeout(done, AGAIN));
    }
    this.sending = false;
    if (this.ended && !this.queue.length) this.whenEmpty?.();
  }

  _draw() {
    this._listen();
    const tiles = [...this.room.tiles.querySelectorAll(".tile")];
    const columns = Math.ceil(Math.sqrt(tiles.length)) || 1;
    const rows = Math.ceil(tiles.length / columns) || 1;
    const [width, height] = [WIDTH / columns, (HEIGHT - 20) / rows];
    this.pen.fillStyle = "#10161c";
    this.pen.fillRect(0, 0, WIDTH, HEIGHT);
    tiles.forEach((tile, n) => this._face(tile, (n % columns) * width, Math.floor(n / columns) * height, width, height));
    this.pen.fillStyle = "#fff";
    this.pen.font = "13px sans-serif";
    this.pen.fillText(new Date().toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }), 8, HEIGHT - 6);
  }

  _face(tile, x, y, width, height) {
    const video = tile.querySelector("video");
    const still = tile.querySelector("img");
    const picture = video?.videoWidth && !video.classList.contains("vh") ? video : still && !still.hidden ? still : null;
    if (picture) {
      const [w, h] = [picture.videoWidth || picture.naturalWidth, picture.videoHeight || picture.naturalHeight];
      const scale = Math.min(width / w, height / h);
      this.pen.drawImage(picture, x + (width - w * scale) / 2, y + (height - h * scale) / 2, w * scale, h * scale);
    }
    this.pen.fillStyle = "#fff";
    this.pen.font = "14px sans-serif";
    this.pen.fillText(tile.querySelector('[data-tile="name"]')?.textContent || "", x + 8, y + height - 8);
  }

  /** Everybody who can be heard now. */
  _listen() {
    const streams = [this.room.call.local, ...[...this.room.call.peers.values()].map(({ peer }) => peer.media)];
    const tracks = streams.flatMap((stream) => (stream ? stream.getAudioTracks() : []));
    for (const [track, voice] of this.voices) {
      if (tracks.includes(track)) continue;
      voice.disconnect();
      this.voices.delete(track);
    }
    for (const track of tracks) {
      if (this.voices.has(track)) continue;
      const voice = this.sound.createMediaStreamSource(new MediaStream([track]));
      voice.connect(this.mix);
      this.voices.set(track, voice);
    }
  }
}
