/** Freezing a picture out of somebody's video, in the size in which it comes, and keeping it. */

import { sendOnce } from "../web/send.js";
import { newId } from "./socket.js";

const QUALITY = 0.92;

export class Stills extends EventTarget {
  /** @param {{dialog: any, address: string, csrf: string, words: Record<string, string>}} room */
  constructor({ dialog, address, csrf, words }) {
    super();
    Object.assign(this, { dialog, address, csrf, words });
    this.form = dialog?.querySelector("form");
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep();
    });
    dialog?.addEventListener("close", () => this.forget());
  }

  /** @param {HTMLVideoElement} video @param {string} user whose camera it is */
  async freeze(video, user) {
    if (!video?.videoWidth || !this.dialog) return;
    const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    this.taken = { blob, user, id: newId() };
    this.shown = URL.createObjectURL(blob);
    this.dialog.querySelector("[data-frozen]").src = this.shown;
    this.say("");
    this.form.reset();
    this.dialog.showModal();
  }

  async keep() {
    const { taken } = this;
    if (!taken || this.busy) return;
    this.busy = true;
    const body = new FormData(this.form);
    body.append("client_id", taken.id);
    body.append("camera_of", taken.user);
    body.append("picture", taken.blob, "still.jpg");
    const headers = { "X-CSRFToken": this.csrf, Accept: "application/json" };
    this.quit = new AbortController();
    const waits = () => this.say(this.words.waiting);
    const answer = await sendOnce(this.address, { body, headers, size: taken.blob.size, waits, signal: this.quit.signal });
    this.busy = false;
    if (!answer) return;
    const { said } = answer;
    if (!answer.ok) return this.say(said.text || this.words.no_line);
    this.dialog.close();
    this.dispatchEvent(new CustomEvent("kept", { detail: said }));
  }

  say(text) {
    const wrong = this.dialog.querySelector("[data-wrong]");
    wrong.textContent = text;
    wrong.hidden = !text;
  }

  forget() {
    this.quit?.abort();
    if (this.shown) URL.revokeObjectURL(this.shown);
    this.shown = "";
    this.taken = null;
  }
}
