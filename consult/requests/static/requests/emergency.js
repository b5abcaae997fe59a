// The emergency page: find the patient by three letters, sign or defer. It is written on this device
// first, and then sent once, now or when the line is back (kept.js).
import { emergencies } from "./device.js";
import { explainsFee } from "./fee.js";
import { findsPatients } from "../web/finder.js";
import { showsRecent } from "./recent.js";
import { Pad, shrunk } from "../web/pad.js";
import { Routes } from "./routes.js";

const form = document.querySelector("[data-emergency]");
const photoState = form.querySelector("[data-photo-state]");
const pad = new Pad(form.querySelector("[data-pad]"));

findsPatients(form);
const routes = new Routes(form);
explainsFee(form);
showsRecent(form);
form.addEventListener("change", (event) => {
  if (event.target.name === "what") routes.show({ what: event.target.value });
  if (event.target.name === "asked") ring();
});
form.addEventListener("routes", ring);

/** The number to ring is that of the hospital that stands chosen. */
function ring() {
  const link = form.querySelector("[data-phone-link]");
  const phone = form.querySelector("[name=asked]:checked")?.dataset.phone;
  if (!link || !phone) return;
  link.href = `tel:${phone}`;
  link.querySelector("span").textContent = link.dataset.words.replace("{phone}", phone);
}
form.querySelector("[data-pad-clear]").addEventListener("click", () => pad.clear());
// A photo travels as the signature: small, and kept with the rest when the form is refused.
let photographed = form.elements.consent.value === "paper" ? form.elements.signature.value : "";
let shrinking = Promise.resolve();
if (form.elements.consent.value === "drawn" && form.elements.signature.value) pad.show(form.elements.signature.value);
form.elements.photo.addEventListener("change", () => {
  const [photo] = form.elements.photo.files;
  shrinking = photo ? shrunk(photo).then((picture) => (photographed = picture)) : Promise.resolve();
  shrinking.then(() => (photoState.textContent = photographed ? photoState.dataset.words : ""));
});
const button = form.querySelector("[type=submit]");
const place = document.querySelector("[data-kept]");
if (!form.elements.key.value) form.elements.key.value = crypto.randomUUID();

/** What stands in the form, without files: a photo travels as the signature. */
function written() {
  const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  delete fields.csrfmiddlewaretoken;
  const taken = new FormData(form).getAll("studies");
  if (taken.length) fields.studies = taken.join(",");
  return {
    user: place.dataset.user,
    name: place.dataset.name,
    what: form.querySelector("[name=what]:checked")?.parentElement?.textContent.trim() ?? "",
    phone: form.querySelector("[name=asked]:checked")?.dataset.phone ?? "",
    at: Date.now(),
    fields,
  };
}

/** What the server will refuse, said without it; the first field, or null. */
function missing() {
  for (const name of ["patient", "what", "asked", "consent"])
    if (!form.querySelector(`[name=${name}]:checked`)) return name;
  return null;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.disabled) return;
  const way = form.elements.consent.value;
  if (way === "drawn") form.elements.signature.value = pad.isEmpty() ? "" : pad.picture();
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  await shrinking.catch(() => {});
  if (way === "paper") form.elements.signature.value = photographed;
  form.elements.photo.disabled = Boolean(photographed);
  const gap = missing();
  if (gap && form.hasAttribute("data-kit")) {
    freed();
    const first = form.querySelector(`#f-${gap}, #${gap}`);
    return first?.scrollIntoView({ block: "center" }), first?.focus();
  }
  try {
    if (gap) throw new Error(gap); // the server says it, and keeps what was typed
    await emergencies.keep(written());
  } catch {
    return form.submit();
  }
  document.dispatchEvent(new Event("kept"));
});

function freed() {
  button.disabled = form.elements.photo.disabled = false;
  button.removeAttribute("aria-busy");
}
document.addEventListener("kept-tried", () => {
  freed();
  if (!place.hidden) window.scrollTo(0, 0);
});
window.addEventListener("pageshow", freed);
