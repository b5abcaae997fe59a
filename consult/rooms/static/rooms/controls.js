/** Microphone and camera while the call lasts: their buttons, and devices that come, go and sleep. */
import { part, words } from "./page.js";

export class Controls {
  /**
   * @param {{choice: import("./choice.js").Choice, call: () => import("./call.js").Call | undefined, drawn: () => void}} room
   *   drawn: the buttons show something else now
   */
  constructor({ choice, call, drawn }) {
    Object.assign(this, { choice, call, drawn });
    /** Whether a device that is gone was in use, so that it is again when it returns. */
    this.wasOn = { mic: false, camera: false };
    /** @type {Set<string>} what was let go, and one press takes again */
    this.asleep = new Set();
    part("mic")?.addEventListener("click", () => this.turn("mic", !this.call()?.mic));
    part("camera")?.addEventListener("click", () => this.turn("camera", !this.call()?.camera));
  }

  /** Another device took the place of one. @param {string} kind */
  changed(kind) {
    if (kind !== "speaker") {
      const call = this.call();
      if (this.wasOn[kind]) (kind === "mic" ? call.setMic(true) : call.setCamera(true));
      this.wasOn[kind] = false;
      call.swap();
    }
    this.show();
  }

  /** The last of a kind is gone; the rest goes on. @param {string} kind */
  lost(kind) {
    const call = this.call();
    this.wasOn[kind] = kind === "mic" ? call.mic : call.camera;
    call.swap();
    if (kind === "camera") call.setCamera(false);
    else call.setMic(false);
    this.show();
  }

  /** Let go of both until somebody presses. */
  sleep() {
    const call = this.call();
    for (const kind of ["mic", "camera"]) if (this.choice.track(kind)) this.asleep.add(kind);
    this.choice.release();
    call?.pause();
    call?.setMic(false);
    call?.setCamera(false);
    this.show();
  }

  /** @param {"mic" | "camera"} kind @param {boolean} on */
  async turn(kind, on) {
    const call = this.call();
    if (!call) return;
    if (on && this.asleep.has(kind) && !(await this.choice.reopen(kind))) return;
    if (on) this.asleep.delete(kind);
    if (kind === "mic") call.setMic(on);
    else call.setCamera(on);
    this.show();
  }

  show() {
    const call = this.call();
    if (!call || !part("mic")) return;
    const mic = this.asleep.has("mic") || call.local.getAudioTracks().length > 0;
    const camera = this.asleep.has("camera") || call.local.getVideoTracks().length > 0;
    label(part("mic"), mic, call.mic, mic ? (call.mic ? words.mute : words.muted) : words.no_mic);
    label(part("camera"), camera, call.camera, camera ? (call.camera ? words.camera_off : words.camera_is_off) : words.no_camera);
    this.drawn();
  }
}

function label(button, there, on, text) {
  button.querySelector("[data-words]").textContent = text;
  button.setAttribute("aria-pressed", String(there && !on));
  if (there) button.removeAttribute("aria-disabled");
  else button.setAttribute("aria-disabled", "true");
}
