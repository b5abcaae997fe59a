import { rate } from "./lines.js";

/** One tile for each person: a picture, a still with its age, or initials; never a black one. */
const PICTURE = 240; // pixels of a still's width

export class Tiles {
  /**
   * @param {HTMLElement} host
   * @param {{words: Record<string, string>, stream: MediaStream, me: () => string, people: Map<string, any>, call: import("./call.js").Call, hosts: boolean, freezes: boolean, shares: () => string | null, sink: () => string}} room
   */
  constructor(host, room) {
    this.host = host;
    this.room = room;
    this.template = /** @type {HTMLTemplateElement} */ (document.getElementById("room-tile"));
    /** @type {Map<string, HTMLElement>} */
    this.tiles = new Map();
    /** @type {Map<string, {picture: string, at: number}>} */
    this.stills = new Map();
    this.draw();
    setInterval(() => this._ages(), 1000);
  }

  /** Without one: our own still. With one: theirs. @param {{user: string, picture: string, at: number}} [theirs] */
  still(theirs) {
    if (theirs) {
      this.stills.set(theirs.user, theirs);
      this.draw();
      return "";
    }
    const video = this.tiles.get(this.room.me())?.querySelector("video");
    if (!video || !video.videoWidth) return "";
    const canvas = document.createElement("canvas");
    canvas.width = PICTURE;
    canvas.height = Math.round((PICTURE * video.videoHeight) / video.videoWidth);
    canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.5);
  }

  draw() {
    const there = [...this.room.people.values()].filter((person) => ["admitted", "away"].includes(person.status));
    for (const [user, tile] of this.tiles) {
      if (there.some((person) => person.user === user)) continue;
      tile.remove();
      this.tiles.delete(user);
    }
    for (const person of there) this._draw(person);
  }

  _draw(person) {
    const mine = person.user === this.room.me();
    const tile = this.tiles.get(person.user) || this._make(person);
    const peer = mine ? undefined : this.room.call.peerOf(person.user);
    const video = /** @type {HTMLVideoElement} */ (tile.querySelector("video"));
    const media = mine ? this.room.stream : peer?.media || null;
    if (video.srcObject !== media) {
      video.srcObject = media;
      video.muted = mine;
    }
    const sink = this.room.sink();
    if (!mine && "setSinkId" in video && video.sinkId !== sink) video.setSinkId(sink).catch(() => {});
    if (media) video.play().catch(() => {}); // a browser that wants a gesture first gets one at the next click
    const shares = !mine && this.room.shares() === person.user; // the screen has a place of its own
    const moving = shares ? false : mine ? this.room.call.camera && this.room.stream.getVideoTracks().length > 0 : !!peer?.connected && peer.sending === "video" && peer.theirs.camera;
    const still = !mine && !shares && !moving && (peer?.sending === "still" || peer?.theirs.stills) ? this.stills.get(person.user) : undefined;
    const image = /** @type {HTMLImageElement} */ (tile.querySelector("img"));
    if (still && image.src !== still.picture) image.src = still.picture;
    image.hidden = !still;
    video.classList.toggle("vh", !moving);
    tile.querySelector("[data-freeze]")?.toggleAttribute("hidden", !moving);
    part(tile, "face").toggleAttribute("hidden", moving || !!still);
    part(tile, "line").textContent = mine ? "" : this._line(person, peer);
    const checked = !mine && this.room.hosts && person.ready ? this._ready(person.ready) : "";
    if (part(tile, "ready").textContent !== checked) part(tile, "ready").textContent = checked;
    if (checked) part(tile, "ready").title = `↑ ${rate(person.ready.up_kbit_s)}, ↓ ${rate(person.ready.down_kbit_s)}`;
    this._age(tile, still);
  }

  _make(person) {
    const tile = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (this.template.content.cloneNode(true)).firstElementChild);
    const mine = person.user === this.room.me();
    tile.dataset.user = person.user;
    tile.classList.toggle("tile--me", mine);
    part(tile, "name").textContent = person.name;
    part(tile, "who").textContent = mine ? this.room.words.you : person.organisation;
    part(tile, "face").textContent = (person.name || "?").slice(0, 1);
    const remove = /** @type {HTMLElement} */ (tile.querySelector("button"));
    const removable = ["coordinator", "interpreter", "observer", "resident"].includes(person.role); // a side's only doctor stays
    if (mine || !removable || !this.room.hosts) remove.remove();
    else remove.dataset.remove = person.user;
    if (!this.room.freezes) tile.querySelector("[data-freeze]")?.remove();
    // On a phone only the first stands in sight: that is the other one, not oneself.
    const own = this.tiles.get(this.room.me());
    this.host.insertBefore(tile, mine ? null : own || null);
    this.tiles.set(person.user, tile);
    return tile;
  }

  _line(person, peer) {
    const { words } = this.room;
    if (person.role === "observer" && person.status === "admitted") return words.as_observer;
    if (person.status === "away") return words.away;
    if (!peer) return words.only_text;
    if (!peer.connected) return words.connecting;
    if (this.room.shares() === person.user) return words.line_screen;
    const mute = peer.theirs.mic ? "" : ` ${words.muted}`;
    return (peer.theirs.elsewhere ? words.line_elsewhere : words[`line_${peer.sending}`]) + mute;
  }

  /** What their line was good for when they came in; hosts see it. */
  _ready({ bears, echo }) {
    const { words } = this.room;
    return words[`ready_${bears}`] + (echo === "silent" ? ` · ${words.ready_silent}` : "");
  }

  _ages() {
    for (const [user, tile] of this.tiles) {
      if (!tile.querySelector("img")?.hidden) this._age(tile, this.stills.get(user));
    }
  }

  _age(tile, still) {
    const tag = part(tile, "age");
    tag.toggleAttribute("hidden", !still);
    if (still) tag.textContent = this.room.words.still.replace("{n}", String(Math.round((Date.now() - still.at) / 1000)));
  }
}

/** @param {Element} tile @param {string} name @returns {HTMLElement} */
function part(tile, name) {
  return /** @type {HTMLElement} */ (tile.querySelector(`[data-tile="${name}"]`));
}
