/**
 * The shared screen: one's own, that goes out in place of the camera's picture, or somebody else's, that
 * has the large place. Whose it is, the room's log says; one at a time.
 *
 * Events: "change" when somebody begins or ends.
 */
import { newId } from "./socket.js";

const WANTED = { video: { frameRate: { max: 10 }, width: { max: 1920 }, height: { max: 1200 } }, audio: false };
const WIDTHS = [960, 640, 480, 320]; // pixels of a still
const STILL = 60_000; // characters of one, from page to page
const STILL_AT_ENGINE = 13_000;

export class Screen extends EventTarget {
  /**
   * @param {{host: HTMLElement, button: HTMLElement | null, stop: HTMLElement | null, words: Record<string, string>, me: () => string, name: (user: string) => string, call: () => import("./call.js").Call | undefined, stillOf: (user: string) => string, send: (frame: object) => boolean, say: (text: string) => void}} room
   */
  constructor(room) {
    super();
    this.room = room;
    /** @type {string | null} whose screen the others see */
    this.user = null;
    /** @type {MediaStreamTrack | null} our own */
    this.track = null;
    this.asked = "";
    this.can = !!navigator.mediaDevices?.getDisplayMedia;
    this.video = /** @type {HTMLVideoElement} */ (room.host.querySelector("video"));
    this.image = /** @type {HTMLImageElement} */ (room.host.querySelector("img"));
    room.button?.toggleAttribute("hidden", !this.can);
    room.button?.addEventListener("click", () => (this.track ? this.stop() : this.start()));
    room.stop?.addEventListener("click", () => this.stop());
    const large = /** @type {HTMLElement | null} */ (room.host.querySelector("[data-large]"));
    if (large) large.hidden = !document.fullscreenEnabled;
    large?.addEventListener("click", () => room.host.querySelector("[data-frame]")?.requestFullscreen());
    this.draw();
  }

  get mine() {
    return this.user === this.room.me() && !!this.track;
  }

  async start() {
    const { words, name, say } = this.room;
    if (this.user && this.user !== this.room.me()) return say(words.screen_taken.replace("{who}", name(this.user)));
    const stream = await navigator.mediaDevices.getDisplayMedia(WANTED).catch((error) => error);
    if (!(stream instanceof MediaStream)) {
      if (stream?.name !== "NotAllowedError") say(words.screen_failed); // who closed the browser's question knows
      return;
    }
    this._letGo();
    const [track] = stream.getVideoTracks();
    track.contentHint = "detail"; // sharp before smooth
    track.addEventListener("ended", () => track === this.track && this.stop());
    this.track = track;
    this.preview = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: stream });
    this.preview.play().catch(() => {});
    this.asked = newId();
    if (this.room.send({ do: "screen", on: true, client_id: this.asked })) return;
    this._letGo();
    say(words.no_line);
  }

  /** By our own button, or the browser's bar; the page does not wait for the room to agree. */
  stop() {
    this._letGo();
    this.room.send({ do: "screen", on: false, client_id: newId() });
    if (this.user === this.room.me()) this._is(null);
  }

  /** @param {any} frame @param {boolean} fresh whether the greeting does not tell of it yet */
  hear(frame, fresh) {
    if (frame.is === "hello") this._is(frame.screen);
    // It was stopped while the line was gone, and nobody heard.
    if (frame.is === "hello" && frame.screen === this.room.me() && !this.track) this.stop();
    if (frame.is === "error" && frame.client_id && frame.client_id === this.asked) {
      this._letGo();
      this.draw();
    }
    if (!fresh) return;
    if (frame.is === "screen.started") this._is(frame.from);
    if (frame.is === "screen.ended" && frame.participant === this.user) this._is(null);
  }

  /** Without the room: nothing goes out any more. */
  close() {
    this._letGo();
    this.user = null;
    this.draw();
  }

  /** A still of our own screen, for a line that bears no more; "" when there is none. */
  still() {
    const video = this.preview;
    if (!this.track || !video?.videoWidth) return "";
    const most = this.room.call()?.sfu ? STILL_AT_ENGINE : STILL;
    const canvas = document.createElement("canvas");
    let picture = "";
    for (const width of WIDTHS) {
      canvas.width = Math.min(width, video.videoWidth);
      canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
      canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
      picture = canvas.toDataURL("image/jpeg", 0.5);
      if (picture.length <= most) return picture;
    }
    return picture;
  }

  /** @param {string | null} user whose it is from now on */
  _is(user) {
    if (user && user !== this.room.me()) this._letGo(); // somebody else's: ours lapsed while the line was gone
    if (!user && this.user === this.room.me()) this._letGo();
    this.user = user;
    if (this.mine) this.room.call()?.setScreen(this.track);
    this.draw();
    this.dispatchEvent(new Event("change"));
  }

  _letGo() {
    this.asked = "";
    if (!this.track) return;
    this.track.stop();
    this.track = null;
    this.preview = undefined;
    this.room.call()?.setScreen(null);
  }

  draw() {
    const { host, button, words, name } = this.room;
    const theirs = this.user && this.user !== this.room.me() ? this.user : "";
    host.hidden = !this.user || (!theirs && !this.mine);
    document.documentElement.dataset.screen = host.hidden ? "" : theirs ? "theirs" : "mine";
    button?.setAttribute("aria-pressed", String(this.mine));
    const label = button?.querySelector("[data-words]");
    if (label) label.textContent = this.mine ? words.screen_stop : words.screen_share;
    if (host.hidden) {
      this.video.srcObject = null;
      return;
    }
    const said = theirs ? words.screen_of.replace("{who}", name(theirs)) : words.screen_mine;
    const title = /** @type {HTMLElement} */ (host.querySelector("b"));
    if (title.textContent !== said) title.textContent = said;
    this._picture(theirs);
  }

  /** @param {string} theirs */
  _picture(theirs) {
    const { host, call, stillOf } = this.room;
    const peer = theirs ? call()?.peerOf(theirs) : undefined;
    const moving = !!peer?.connected && peer.sending === "video" && peer.theirs.screen && peer.theirs.camera;
    const still = theirs && !moving && peer?.theirs.screen ? stillOf(theirs) : "";
    if (this.video.srcObject !== (peer?.media || null)) this.video.srcObject = peer?.media || null;
    this.video.muted = true; // their voice comes from their tile
    if (peer && moving) this.video.play().catch(() => {});
    if (still && this.image.src !== still) this.image.src = still;
    this.video.hidden = !moving;
    this.image.hidden = !still;
    host.querySelector("[data-frame]")?.toggleAttribute("hidden", !theirs);
    host.querySelector("[data-waits]")?.toggleAttribute("hidden", !theirs || moving || !!still);
    for (const own of host.querySelectorAll("[data-own]")) own.toggleAttribute("hidden", !!theirs);
    for (const other of host.querySelectorAll("[data-theirs]")) other.toggleAttribute("hidden", !theirs);
  }
}
