/** One place of the desk: a study, and the board that shows it, pictures or an ECG. */

import { quality } from "./frames.js";
import { element } from "./toolbar.js";

const KEPT = 4; // manifests of studies that were looked at
const manifests = new Map();

/** @param {boolean} home whether the study opens with its own first picture, which then comes along */
async function manifestOf(study, home) {
  if (!manifests.has(study.id)) {
    const coming = fetch(home ? `${study.manifest}?first=${quality()}` : study.manifest, { credentials: "same-origin", redirect: "error" }).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.json();
    });
    coming.catch(() => manifests.delete(study.id));
    manifests.set(study.id, coming);
    if (manifests.size > KEPT) manifests.delete(manifests.keys().next().value);
  }
  return manifests.get(study.id);
}

const holds = (manifest, uid) => manifest.ecgs.some((one) => one.uid === uid);

export class Pane {
  /** @param {object} desk @param {number} place */
  constructor(desk, place) {
    Object.assign(this, { desk, place, board: null, study: "", turn: 0 });
    this.root = element("div", {});
    this.choice = element("select", { class: "in", "aria-label": desk.words.study });
    for (const study of desk.studies) this.offer(study);
    this.choice.addEventListener("change", () => desk.choose(place, this.choice.value));
    this.host = element("section", { class: "pane-v", "aria-label": `${place + 1}` }, this.choice, this.root);
    this.host.addEventListener("pointerdown", () => desk.activate(place), true);
    this.host.addEventListener("focusin", () => desk.activate(place));
  }

  offer({ id, name, at }) {
    this.choice.append(element("option", { value: id }, [name, at].filter(Boolean).join(" ")));
    this.choice.hidden = this.choice.options.length < 2;
  }

  get state() {
    return this.board ? { study: this.study, ...this.board.state } : null;
  }

  /** Show that state of that study; what is asked later wins. Says whether it came. */
  async open(study, state = null) {
    const turn = ++this.turn;
    const known = this.desk.studies.find((one) => one.id === study);
    if (!known) return false;
    this.choice.value = study;
    const ecg = state && this.board && this.study === study ? holds(this.board.manifest, state.series) : null;
    if (this.board && this.study === study && (ecg === null || ecg === this.board.ecg)) {
      if (state) this.board.show(state);
      return true;
    }
    let manifest;
    try {
      manifest = await manifestOf(known, !state?.series);
    } catch {
      if (turn === this.turn) this.fail(study, state);
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
    if (state) this.board.show(state);
    this.desk.arrived(this);
    return true;
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
  }
}
