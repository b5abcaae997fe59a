/**
 * The viewer that all look into: who leads moves it for the others; the rest follow, or look around
 * alone. What rests is kept in the log, so that who comes later sees the same; what moves only passes.
 *
 * The viewer is any object like /static/imaging/desk.js: state, show(state), addMark(mark, {author,
 * own}), removeMark(id), addKeyImage(one), removeKeyImage(id), addStudy(study), showPointer({series, slice, picture, x, y, label}), hidePointer(label), locked, perhaps
 * passed(state) for what only passes and led(leader), and the
 * events view {state, settled}, mark {mark}, unmark {id}, keyImage {id}, keyImageGone {id}, pointer {x, y, series, slice, picture} or null.
 */
const EVERY = 50; // ms between two passing frames: 20 a second
const RESTS = 1000; // ms after which what moved while one still led has come to rest for certain

export class Shared extends EventTarget {
  /**
   * @param {{send: (frame: object) => boolean, post: (frame: object) => string, me: () => string, name: (user: string) => string, mayShow: boolean}} room
   */
  constructor(room) {
    super();
    this.room = room;
    this.leader = "";
    this.alone = false;
    /** @type {any} */
    this.latest = null; // what the leader looks at
    /** @type {Map<string, {mark: any, from: string}>} */
    this.marks = new Map();
    /** @type {Map<string, any>} */
    this.keyImages = new Map();
    /** @type {Map<string, any>} */
    this.studies = new Map(); // those that came while the room lasts
    this.lostAt = 0; // when somebody else took the lead from this page
    this.turn = 0; // of the last view that came or went
    /** @type {Map<string, number>} */
    this.due = new Map();
    this.pointers = new Map();
  }

  get leads() {
    return this.leader !== "" && this.leader === this.room.me();
  }

  /** @param {any} viewer */
  attach(viewer) {
    this.viewer = viewer;
    for (const { mark, from } of this.marks.values()) viewer.addMark(mark, this._whose(from));
    viewer.led?.(this.leader);
    if (this.latest) viewer.show(this.latest);
    viewer.addEventListener("view", (event) => this._moved(event.detail));
    viewer.addEventListener("mark", (event) => this.room.mayShow && this.room.post({ do: "mark", mark: clean(event.detail.mark) }));
    viewer.addEventListener("unmark", (event) => this.room.mayShow && this.room.post({ do: "unmark", mark: String(event.detail.id) }));
    viewer.addEventListener("keyImage", (event) => this.room.post({ do: "key_image", key_image: event.detail.id }));
    viewer.addEventListener("keyImageGone", (event) => this.room.post({ do: "unkey", key_image: event.detail.id }));
    for (const study of this.studies.values()) viewer.addStudy(study);
    for (const one of this.keyImages.values()) viewer.addKeyImage(one);
    viewer.addEventListener("pointer", (event) => this._pointed(event.detail));
    this._settle();
  }

  /** @param {boolean} take */
  lead(take) {
    this.alone = false;
    this.room.send({ do: "lead", take });
    if (take && this.viewer?.state.series) this.room.send({ do: "view", state: this._stamped(this.viewer.state) });
  }

  /** Follow the leader again, or look around alone. @param {boolean} alone */
  setAlone(alone) {
    this.alone = alone;
    if (!alone && this.latest && !this.leads) this.viewer?.show(this.latest);
    this._settle();
  }

  /** A frame of the log, or a passing one. @param {any} frame */
  hear(frame) {
    const mine = frame.from === this.room.me();
    switch (frame.is) {
      case "hello":
        this.leader = frame.leader || "";
        this._settle();
        break;
      case "lead.taken":
        if (this.leads && !mine) this.lostAt = Date.now();
        this.leader = frame.from;
        this.alone = false;
        if (this.leads && this.viewer?.state.series) this.room.post({ do: "view", settled: true, state: this._stamped(this.viewer.state) });
        this._settle();
        break;
      case "lead.released":
        this.leader = "";
        this._settle();
        break;
      case "view":
      case "view.settled":
        // One that only passed may come behind a later one at rest.
        if (frame.is === "view" && frame.state.turn < this.turn) break;
        if (frame.state.turn) this.turn = Math.max(this.turn, frame.state.turn);
        if (frame.is === "view" && this.viewer?.passed) {
          this.viewer.passed(frame.state);
          break;
        }
        this.latest = frame.state;
        if (!mine && !this.alone && !this.leads) this.viewer?.show(frame.state);
        break;
      case "mark.saved":
        this.marks.set(frame.mark.id, { mark: frame.mark, from: frame.from });
        this.viewer?.addMark(frame.mark, this._whose(frame.from));
        break;
      case "mark.removed":
        this.marks.delete(frame.mark);
        this.viewer?.removeMark(frame.mark);
        break;
      case "key_image.saved":
        this.keyImages.set(frame.key_image.id, frame.key_image);
        this.viewer?.addKeyImage(frame.key_image);
        break;
      case "key_image.removed":
        this.keyImages.delete(frame.key_image);
        this.viewer?.removeKeyImage(frame.key_image);
        break;
      case "view.opened":
      case "study.came":
        this.studies.set(frame.study.id, frame.study);
        this.viewer?.addStudy(frame.study);
        break;
      case "point":
        this._show(frame);
        break;
      default:
    }
  }

  /** The log was summed up: forget what it replaces. */
  clear() {
    for (const id of this.marks.keys()) this.viewer?.removeMark(id);
    this.marks.clear();
    for (const id of this.keyImages.keys()) this.viewer?.removeKeyImage(id);
    this.keyImages.clear();
  }

  _moved({ state, settled }) {
    if (!this.leads && settled && Date.now() - this.lostAt < RESTS) return; // begun while it led
    if (!this.room.mayShow || !this.leads) {
      // Whoever moves while another leads looks around alone; whoever moves while nobody does, leads.
      if (this.leader && !this.alone) this.setAlone(true);
      else if (!this.leader && this.room.mayShow && settled) this.lead(true);
      return;
    }
    const frame = { do: "view", state: this._stamped(state), ...(settled ? { settled: true } : {}) };
    if (settled) this.room.post(frame);
    else this._seldom("view", () => this.room.send(frame));
  }

  _pointed(at) {
    if (!this.room.mayShow) return;
    this._seldom("point", () => this.room.send(at ? { do: "point", ...clean(at) } : { do: "point" }));
  }

  /** At most one of a kind every EVERY ms, and always the last. @param {string} kind @param {() => void} act */
  _seldom(kind, act) {
    const waits = this.due.get(kind);
    this.pointers.set(kind, act);
    if (waits) return;
    act();
    this.pointers.delete(kind);
    this.due.set(
      kind,
      window.setTimeout(() => {
        this.due.delete(kind);
        const last = this.pointers.get(kind);
        if (last) this._seldom(kind, last);
      }, EVERY),
    );
  }

  _show({ from, series, slice, picture, x, y }) {
    const label = this.room.name(from);
    if (x === undefined) this.viewer?.hidePointer(label);
    else this.viewer?.showPointer({ series, slice, picture, x, y, label });
  }

  _whose(from) {
    return { author: this.room.name(from), own: from === this.room.me() };
  }

  /** A later frame of this leader has a greater number, whatever page or leader came before. */
  _stamped(state) {
    this.turn = Math.max(Date.now(), this.turn + 1);
    return { ...clean(state), turn: this.turn };
  }

  _settle() {
    this.viewer?.led?.(this.leader);
    this.dispatchEvent(new Event("change"));
  }
}

/** A copy with plain values, as the wire has it. @param {any} value */
function clean(value) {
  return JSON.parse(JSON.stringify(value));
}
