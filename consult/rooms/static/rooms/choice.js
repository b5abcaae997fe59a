/**
 * Which microphone, camera and loudspeaker this page uses: chosen in the ready check or in the room,
 * remembered on this device, and followed when one is plugged in or pulled out.
 *
 * Events: "change" {kind} when a device took another's place; "lists" when there are others to choose
 * from; "lost" {kind} when the last of a kind is gone; "said" {text} for what a person must know.
 */
import { finding, openDevices, openOne } from "./devices.js";

const KEPT = "room-devices";
const KINDS = { mic: "audioinput", camera: "videoinput", speaker: "audiooutput" };
const MEDIA = { mic: "audio", camera: "video" };
const SPEAKERS = "setSinkId" in HTMLMediaElement.prototype;

export class Choice extends EventTarget {
  /** @param {Record<string, string>} words */
  constructor(words) {
    super();
    this.words = words;
    this.stream = new MediaStream();
    this.sink = ""; // the loudspeaker; the system's own
    /** @type {MediaDeviceInfo[]} */
    this.devices = [];
    /** @type {Record<string, {id: string, label: string}>} */
    this.kept = load();
    /** @type {Set<string>} kinds that have another device than was chosen, or none */
    this.away = new Set();
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this._follow());
  }

  /** Ask for what was chosen before, else for what the system gives. */
  async open() {
    const preferred = {};
    for (const kind of ["mic", "camera"]) if (this.kept[kind]) preferred[kind] = { deviceId: { ideal: this.kept[kind].id } };
    const found = await openDevices(preferred);
    this.stream = found.stream;
    for (const track of this.stream.getTracks()) this._watch(track);
    await this._list();
    for (const kind of ["mic", "camera"]) {
      const wanted = this._chosen(kind);
      // The browser may have given the same device another number meanwhile: then it is known by its name.
      if (wanted && this.track(kind) && wanted.deviceId !== this.idOf(kind)) await this._take(kind, { deviceId: { exact: wanted.deviceId } });
    }
    const speaker = this._chosen("speaker");
    if (speaker) this.sink = speaker.deviceId;
    return found;
  }

  /** @param {string} kind @returns {MediaStreamTrack | undefined} */
  track(kind) {
    return this.stream.getTracks().find((one) => one.kind === MEDIA[kind]);
  }

  /** @param {string} kind @returns {string} which device is used now */
  idOf(kind) {
    return kind === "speaker" ? this.sink : this.track(kind)?.getSettings().deviceId || "";
  }

  /** @param {string} kind @returns {{id: string, label: string}[]} */
  among(kind) {
    if (kind === "speaker" && !SPEAKERS) return [];
    const own = this.devices.filter((one) => one.kind === KINDS[kind] && one.deviceId);
    const named = own.map((one, n) => ({ id: one.deviceId, label: one.label || `${this.words[kind]} ${n + 1}` }));
    const systems = named.some(({ id }) => id === "default");
    return kind === "speaker" && named.length && !systems ? [{ id: "", label: this.words.systems_own }, ...named] : named;
  }

  /** Take another device; it is remembered. @param {string} kind @param {string} id */
  async use(kind, id) {
    if (kind === "speaker") this._sound(id);
    else if (!(await this._take(kind, { deviceId: { exact: id } }))) return;
    this._keep(kind, id);
  }

  /** The other side of a phone; or the next camera, where none says which way it looks. */
  async flip() {
    const now = this.track("camera")?.getSettings();
    const wanted = now?.facingMode === "environment" ? "user" : "environment";
    const cameras = this.among("camera").map(({ id }) => id);
    const next = cameras[(cameras.indexOf(now?.deviceId || "") + 1) % cameras.length];
    const ways = now?.facingMode ? [{ facingMode: { exact: wanted } }] : [];
    if (await this._take("camera", ...ways, { deviceId: { exact: next } })) this._keep("camera", this.idOf("camera"));
  }

  /** Let go of microphone and camera; `reopen` takes them again. */
  release() {
    for (const track of this.stream.getTracks()) {
      this.stream.removeTrack(track);
      track.stop();
    }
  }

  /** @param {string} kind @returns {Promise<boolean>} */
  reopen(kind) {
    const wanted = this._chosen(kind);
    return this._take(kind, ...(wanted ? [{ deviceId: { exact: wanted.deviceId } }] : []), {});
  }

  /**
   * The first of several that opens, in place of the one before. Many a phone opens one camera at a
   * time, so the old one goes first, and comes back when nothing else does.
   * @param {string} kind @param {MediaTrackConstraints[]} ways
   */
  async _take(kind, ...ways) {
    const old = this.track(kind);
    const before = old?.getSettings().deviceId;
    if (old && kind === "camera") old.stop();
    let why = "";
    for (const which of [...ways, ...(before ? [{ deviceId: { exact: before } }] : [])]) {
      try {
        this._put(kind, await openOne(/** @type {any} */ (kind), which), old);
        const taken = ways.includes(which);
        if (taken) this.away.delete(kind);
        else this._say(why);
        return taken;
      } catch (error) {
        why = why || this.words[`${kind}_${finding(error)}`];
      }
    }
    this._say(why);
    if (old && old.readyState === "ended") this._lose(kind, old);
    return false;
  }

  /** @param {string} kind @param {MediaStreamTrack} track @param {MediaStreamTrack} [old] */
  _put(kind, track, old) {
    if (old) {
      this.stream.removeTrack(old);
      old.stop();
    }
    this.stream.addTrack(track);
    this._watch(track);
    this._tell("change", { kind });
  }

  _watch(track) {
    track.addEventListener("ended", () => this._ended(track));
  }

  /** Its plug was pulled, or the system took it: another of its kind, or none; said either way. */
  async _ended(track) {
    if (!this.stream.getTracks().includes(track)) return; // we let go of it ourselves
    const kind = track.kind === "audio" ? "mic" : "camera";
    const gone = track.getSettings().deviceId;
    await this._list();
    this.stream.removeTrack(track);
    this.away.add(kind);
    for (const { id, label } of this.among(kind)) {
      if (id === gone) continue;
      try {
        this._put(kind, await openOne(/** @type {any} */ (kind), { deviceId: { exact: id } }));
        return this._say(this.words[`${kind}_instead`].replace("{device}", label));
      } catch {
        // the next one
      }
    }
    this._lose(kind, track);
  }

  _lose(kind, track) {
    this.stream.removeTrack(track);
    this.away.add(kind);
    this._say(this.words[`${kind}_gone`]);
    this._tell("lost", { kind });
  }

  /** Something was plugged in or pulled out. */
  async _follow() {
    await this._list();
    for (const kind of ["mic", "camera"]) {
      const wanted = this._chosen(kind) || (this.track(kind) ? undefined : this.devices.find((one) => one.kind === KINDS[kind]));
      if (!wanted || !this.away.has(kind) || wanted.deviceId === this.idOf(kind)) continue;
      if (await this._take(kind, { deviceId: { exact: wanted.deviceId } })) this._say(this.words[`${kind}_back`].replace("{device}", wanted.label));
    }
    const speakers = this.among("speaker");
    const speaker = this._chosen("speaker");
    if (this.sink && !speakers.some(({ id }) => id === this.sink)) {
      this.away.add("speaker");
      this._sound("");
      this._say(this.words.speaker_gone);
    } else if (speaker && this.away.has("speaker")) {
      this.away.delete("speaker");
      this._sound(speaker.deviceId);
      this._say(this.words.speaker_back.replace("{device}", speaker.label));
    }
  }

  _sound(id) {
    this.sink = id;
    this._tell("change", { kind: "speaker" });
  }

  async _list() {
    this.devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) || [];
    this._tell("lists", {});
  }

  /** What was chosen before, where it is there: by its number, else by its name. @param {string} kind */
  _chosen(kind) {
    const kept = this.kept[kind];
    const own = kept ? this.devices.filter((one) => one.kind === KINDS[kind]) : [];
    return own.find((one) => one.deviceId === kept.id) || own.find((one) => one.label && one.label === kept.label);
  }

  _keep(kind, id) {
    const label = this.among(kind).find((one) => one.id === id)?.label || "";
    this.kept[kind] = { id, label };
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.kept));
    } catch {
      // A full or forbidden store: it is asked again next time.
    }
  }

  _say(text) {
    if (text) this._tell("said", { text });
  }

  _tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function load() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) || "{}");
  } catch {
    return {};
  }
}

/**
 * The lists of a page, `select[data-device]`, wherever they stand: all show the same, and any may be used.
 * @param {Choice} choice @param {ParentNode} page
 */
export function connectLists(choice, page) {
  const lists = /** @type {HTMLSelectElement[]} */ ([...page.querySelectorAll("select[data-device]")]);
  const flips = /** @type {HTMLElement[]} */ ([...page.querySelectorAll("[data-flip]")]);
  const touched = matchMedia("(pointer: coarse)").matches;
  const draw = () => {
    for (const list of lists) {
      const kind = list.dataset.device || "";
      const among = choice.among(kind);
      const options = among.map(({ id, label }) => new Option(label, id, false, id === choice.idOf(kind)));
      list.replaceChildren(...options);
      list.toggleAttribute("hidden", among.length === 0);
      list.closest("[data-device-row]")?.toggleAttribute("hidden", among.length === 0);
    }
    for (const flip of flips) flip.hidden = !touched || choice.among("camera").length < 2;
  };
  for (const list of lists) {
    list.addEventListener("change", async () => {
      await choice.use(list.dataset.device || "", list.value);
      draw(); // what did not open is not chosen either
    });
  }
  for (const flip of flips) flip.addEventListener("click", () => choice.flip());
  choice.addEventListener("lists", draw);
  choice.addEventListener("change", draw);
  draw();
}
