/** One place of the desk: a study, and the board that shows it, pictures or an ECG. */

import { quality } from "./frames.js";
import { More } from "./more.js";
import { element } from "./toolbar.js";

const KEPT = 4; // manifests of studies that were looked at
const manifests = new Map();

/**
 * @param {boolean} home whether the study opens with its own first picture, which then comes along
 * @param {boolean} anew whether there is more of it than when it was fetched
 */
function manifestOf(study, home, anew) {
  const held = manifests.get(study.id);
  const grown = held?.here && (anew || held.here.pictures < study.pictures);
  if (held && !grown) return held.coming;
  const coming = fetchManifest(home ? `${study.manifest}?first=${quality()}` : study.manifest);
  const fresh = { coming, here: null };
  manifests.delete(study.id);
  manifests.set(study.id, fresh);
  coming.then(
    (manifest) => (fresh.here = manifest),
    () => manifests.get(study.id) === fresh && manifests.delete(study.id),
  );
  if (manifests.size > KEPT) manifests.delete(manifests.keys().next().value);
  return coming;
}

async function fetchManifest(address) {
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

const holds = (manifest, uid) => manifest.ecgs.some((one) => one.uid === uid);

export class Pane {
  /** @param {object} desk @param {number} place */
  constructor(desk, place) {
    Object.assign(this, { desk, place, board: null, study: "", turn: 0, missed: "" });
    this.root = element("div", {});
    this.choice = element("select", { class: "in", "aria-label": desk.words.study });
    for (const study of desk.studies) this.offer(study);
    this.choice.addEventListener("change", () => desk.choose(place, this.choice.value));
    this.more = new More(desk.words, () => this.takeIn());
    this.host = element("section", { class: "pane-v", "aria-label": `${place + 1}` }, this.choice, this.more.root, this.root);
    this.host.addEventListener("pointerdown", () => desk.activate(place), true);
    this.host.addEventListener("focusin", () => desk.activate(place));
  }

  offer({ id, name, at }) {
    this.choice.append(element("option", { value: id }, [name, at].filter(Boolean).join(" ")));
    this.choice.hidden = this.choice.options.length < 2;
  }

  get state() {
    if (!this.board) return null;
    const { pictureName: picture } = this.board;
    return { study: this.study, ...this.board.state, ...(picture ? { picture } : {}) };
  }

  /** Show that state of that study; what is asked later wins. Says whether it came. */
  async open(study, state = null, anew = false) {
    const turn = ++this.turn;
    const known = this.desk.studies.find((one) => one.id === study);
    if (!known) return false;
    this.choice.value = study;
    if (!anew && this.isOpen(study, state)) {
      if (!this.lacks(state)) return this.show(state);
      anew = true; // somebody shows what has come since
    }
    let manifest;
    try {
      manifest = await manifestOf(known, !state?.series, anew);
    } catch {
      if (turn === this.turn && !(anew && this.board)) this.fail(study, state);
      return false;
    }
    if (turn !== this.turn) return false;
    const onPaper = state?.series ? holds(manifest, state.series) : !manifest.series.length;
    const [module, name] = onPaper ? [await import("./ecg.js"), "Ecg"] : [await import("./viewer.js"), "Viewer"];
    if (turn !== this.turn) return false;
    if (!manifest.series.length && !manifest.ecgs.length) return this.refer(manifest);
    this.close();
    this.root.className = "";
    const { words, letterKeys } = this.desk;
    this.board = new module[name](this.root, { manifest, words, letterKeys });
    this.board.ecg = onPaper;
    this.study = study;
    this.missed = state?.picture && !this.board.holds(state.picture) ? state.picture : "";
    this.show(state);
    this.grown(known);
    this.desk.arrived(this);
    return true;
  }

  /** Whether that study is on the screen, with the board that this state needs. */
  isOpen(study, state) {
    if (!this.board || this.study !== study) return false;
    return !state || holds(this.board.manifest, state.series) === this.board.ecg;
  }

  /** Whether the state is of a picture that is not here, and was not asked for in vain. */
  lacks(state) {
    const picture = state?.picture;
    return Boolean(picture) && picture !== this.missed && !this.board.holds(picture);
  }

  show(state) {
    if (state) this.board.show(this.board.placed(state));
    return true;
  }

  /** How many pictures there are of a study now. @param {any} study */
  grown({ id, pictures }) {
    if (id === this.study && this.board) this.more.show(pictures - this.board.manifest.pictures);
  }

  /** What has come since is shown; the picture that one looks at stays. */
  async takeIn() {
    const held = this.more.root.contains(document.activeElement);
    const came = await this.open(this.study, this.state, true);
    if (came && held) this.board.parts.port.focus({ preventScroll: true });
  }

  /** To the page of a PDF, which is no picture. */
  refer({ page }) {
    if (!page) return false;
    const { words } = this.desk;
    const link = element("a", { class: "btn", href: page }, words.openDocument);
    this.close();
    this.root.className = "pad stack-s";
    this.root.replaceChildren(element("p", {}, words.document), link);
    return false;
  }

  fail(study, state) {
    const again = element("button", { type: "button", class: "btn" }, this.desk.words.failed);
    again.addEventListener("click", () => this.open(study, state));
    this.close();
    this.root.replaceChildren(again);
  }

  close() {
    this.board?.close();
    this.board = null;
    this.study = "";
    this.more.show(0);
  }
}
