// The emergency page: find the patient by three letters, sign or defer, send once.
import { Pad, shrunk } from "./pad.js";
import { Routes } from "./routes.js";

const form = document.querySelector("[data-emergency]");
const find = form.querySelector("[data-find]");
const found = form.querySelector("[data-found]");
const none = form.querySelector("[data-found-none]");
const count = form.querySelector("[data-found-count]");
const photoState = form.querySelector("[data-photo-state]");
const pad = new Pad(form.querySelector("[data-pad]"));
let timer;
let asked = 0;

async function search() {
  const text = find.value.trim();
  if (text.length < 2) return;
  const turn = ++asked;
  const answer = await fetch(`${form.dataset.search}?q=${encodeURIComponent(text)}`, {
    headers: { Accept: "application/json" },
  }).catch(() => null);
  if (!answer || !answer.ok || turn !== asked) return;
  const { patients } = await answer.json();
  none.hidden = patients.length > 0;
  count.textContent = patients.length ? count.dataset.words.replace("{n}", String(patients.length)) : "";
  found.replaceChildren(...patients.map(line));
  const first = found.querySelector("input");
  if (patients.length === 1 && first) first.checked = true;
}

/** One patient as a radio button with name, sex and age, masked ID. */
function line(patient) {
  const row = document.createElement("li");
  const label = document.createElement("label");
  label.className = "flex grow";
  const radio = Object.assign(document.createElement("input"), { type: "radio", name: "patient", value: patient.id });
  const text = document.createElement("span");
  text.className = "grow";
  const name = document.createElement("b");
  name.textContent = patient.name;
  const more = document.createElement("span");
  more.className = "sub num";
  more.textContent = patient.id_card;
  text.append(name, ` ${patient.sex_age}`, document.createElement("br"), more);
  label.append(radio, text);
  row.append(label);
  return row;
}

find.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, 200);
});
const routes = new Routes(form);
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
form.addEventListener("submit", (event) => {
  const way = form.elements.consent.value;
  if (way === "drawn") form.elements.signature.value = pad.isEmpty() ? "" : pad.picture();
  if (way === "paper") form.elements.signature.value = photographed;
  form.elements.photo.disabled = Boolean(photographed);
  const button = form.querySelector("[type=submit]");
  if (button.disabled) event.preventDefault();
  button.disabled = true;
  setTimeout(() => (button.disabled = false), 8000);
});
window.addEventListener("pageshow", () => {
  form.querySelector("[type=submit]").disabled = form.elements.photo.disabled = false;
});
