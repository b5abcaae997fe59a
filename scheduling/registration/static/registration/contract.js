// The text read aloud by the device, and the pad to sign on. Without script: on paper, with a photo.
import { Pad, shrunk } from "../web/pad.js";

const text = document.querySelector("[data-text]");
const aloud = document.querySelector("[data-aloud]");
if (text && aloud && "speechSynthesis" in window) {
  aloud.hidden = false;
  aloud.querySelector("button").addEventListener("click", () => {
    if (speechSynthesis.speaking) return speechSynthesis.cancel();
    const said = new SpeechSynthesisUtterance(text.innerText);
    said.lang = "zh-CN";
    return speechSynthesis.speak(said);
  });
}

const form = document.querySelector("[data-sign]");
if (form) {
  const pad = new Pad(form.querySelector("[data-pad]"));
  const empty = form.querySelector("[data-empty]");
  const photoState = form.querySelector("[data-photo-state]");
  let photographed = "";
  let shrinking = Promise.resolve();
  form.querySelector("[data-pad-clear]").addEventListener("click", () => pad.clear());
  form.elements.photo.addEventListener("change", () => {
    const [photo] = form.elements.photo.files;
    shrinking = photo ? shrunk(photo).then((picture) => (photographed = picture)) : Promise.resolve();
    shrinking.then(() => (photoState.textContent = photographed ? photoState.dataset.words : ""));
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await shrinking;
    const drawn = form.elements.way.value === "drawn";
    const picture = drawn ? (pad.isEmpty() ? "" : pad.picture()) : photographed;
    empty.hidden = Boolean(picture);
    if (!picture) return;
    form.elements.signature.value = picture;
    form.elements.photo.disabled = true; // the shrunk picture goes instead
    form.submit();
  });
}
