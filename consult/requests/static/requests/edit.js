// The request: saved as one types, kept on the device while there is no line, consent drawn.
import { explainsFee } from "./fee.js";
import { Pad, shrunk } from "../web/pad.js";
import { Routes } from "./routes.js";

const PAUSE = 700; // ms without a key
const form = document.getElementById("request");
const state = form.querySelector("[data-saved]");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const drawer = `request:${form.dataset.writer}:${form.dataset.save}`; // a shared desk has several writers
const TEXTS = ["reason", "aim", "wanted_time", "summary", "specialty", "title", "grade", "asked", "proposed", "route_reason"];
let timer;
let running = Promise.resolve();

function fields() {
  const data = new FormData(form);
  const kept = new URLSearchParams();
  for (const name of TEXTS) if (data.get(name) !== null) kept.append(name, data.get(name));
  kept.append("studies_sent", "1");
  for (const study of data.getAll("studies")) kept.append("studies", study);
  for (const study of data.getAll("offered")) kept.append("offered", study);
  kept.append("team_sent", "1");
  if (data.get("joint")) kept.append("joint", "on");
  for (const specialty of data.getAll("further")) kept.append("further", specialty);
  return kept;
}

/** Save what was typed. False: nobody has it but this device. */
async function save() {
  const body = fields();
  localStorage.setItem(drawer, body.toString());
  state.textContent = form.dataset.wordsSaving;
  try {
    const answer = await fetch(form.dataset.save, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
    if (answer.redirected) {
      state.textContent = form.dataset.wordsOut;
      return false;
    }
    const said = await answer.json();
    if (answer.ok) {
      if (localStorage.getItem(drawer) === body.toString()) localStorage.removeItem(drawer);
      state.textContent = form.dataset.wordsSaved.replace("{time}", said.saved_at);
      heed(said);
    } else {
      state.textContent = said.text;
    }
    return true;
  } catch {
    state.textContent = form.dataset.wordsKept;
    return false;
  }
}

function saveSoon() {
  clearTimeout(timer);
  timer = setTimeout(() => (running = running.then(save)), PAUSE);
}

function restore() {
  const kept = localStorage.getItem(drawer);
  if (!kept) return;
  const values = new URLSearchParams(kept);
  for (const name of TEXTS) {
    const field = form.elements[name];
    if (field && values.has(name)) field.value = values.get(name);
  }
  saveSoon();
}

const routes = new Routes(form);
explainsFee(form);
function askAnew() {
  const joint = form.elements.joint.checked ? { joint: "on" } : {};
  return routes.show({ specialty: form.elements.specialty.value, ...joint });
}
form.addEventListener("change", (event) => {
  if (["specialty", "joint"].includes(event.target.name)) askAnew().then(saveSoon);
});
form.addEventListener("input", saveSoon);
form.addEventListener("change", saveSoon);
window.addEventListener("online", saveSoon);
for (const button of form.querySelectorAll("[data-add-to]")) {
  button.addEventListener("click", () => {
    const field = form.elements[button.dataset.addTo];
    field.value = [field.value.trim(), button.dataset.text].filter(Boolean).join(field.value.trim() ? "；" : "");
    saveSoon();
  });
}

/** Images that came since, offered beside the others. */
form.addEventListener("arriving", async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = form.querySelector("#f-studies .atts");
  const offered = new Set([...list.querySelectorAll("[name=studies]")].map((box) => box.value));
  for (const box of page.querySelectorAll("#f-studies .atts [name=studies]")) {
    if (offered.has(box.value)) continue;
    list.querySelector("[data-none]")?.remove();
    list.insertBefore(box.closest("label"), list.querySelector("a"));
  }
});

const consent = form.querySelector("[data-consent]");
const pad = new Pad(consent.querySelector("[data-pad]"));
const wrong = consent.querySelector("[data-consent-error]");
const signed = form.querySelector("[data-consent-state]");
let sending = false;

/** The consent names a hospital and a fee. When others stand there now, it is signed anew. */
function heed(said) {
  if (said.signed || !signed.textContent.trim()) return;
  signed.textContent = "";
  pad.clear();
  form.elements.photo.value = "";
  form.elements.photo.dispatchEvent(new Event("change"));
  complain(said.consent);
}

/** For the hospital that stands on the page; nothing is saved meanwhile. */
function sign(extra) {
  clearTimeout(timer);
  return (running = running.then(save).then(() => give(extra)));
}

async function give(extra) {
  const body = new FormData();
  body.append("relation", form.elements.relation.value);
  body.append("fee", form.elements.fee.value);
  for (const [name, value] of Object.entries(extra)) body.append(name, value);
  const answer = await fetch(consent.dataset.url, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token, Accept: "application/json" },
  }).catch(() => null);
  const said = answer ? await answer.json() : { text: form.dataset.wordsKept };
  wrong.hidden = Boolean(answer && answer.ok);
  if (answer && answer.ok) {
    signed.textContent = consent.dataset.wordsSigned.replace("{time}", said.at);
  } else {
    wrong.textContent = said.text;
    if (answer?.status === 409) askAnew(); // another fee
  }
  return wrong.hidden;
}

consent.querySelector("[data-pad-clear]").addEventListener("click", () => pad.clear());
consent.querySelector("[data-pad-confirm]").addEventListener("click", async (event) => {
  event.preventDefault();
  if (form.elements.way.value === "paper") return signOnPaper();
  if (pad.isEmpty()) return complain(consent.dataset.wordsEmpty);
  return sign({ way: "drawn", signature: pad.picture() });
});

async function signOnPaper() {
  const [photo] = form.elements.photo.files;
  return photo ? sign({ way: "paper", signature: await shrunk(photo) }) : complain(consent.dataset.wordsNoPhoto);
}

/** @param {string} text */
function complain(text) {
  wrong.textContent = text;
  wrong.hidden = false;
  return false;
}

/** What was drawn or photographed and not confirmed goes along with the request. */
function signWhatIsThere() {
  if (signed.textContent.trim()) return true;
  if (form.elements.way.value === "paper") return form.elements.photo.files.length ? signOnPaper() : true;
  return pad.isEmpty() || sign({ way: "drawn", signature: pad.picture() });
}

form.elements.photo.addEventListener("change", (event) => {
  const words = consent.querySelector("[data-photo-state]");
  words.textContent = event.target.files.length ? words.dataset.words : "";
});

const sends = form.action;

/**
 * The words are saved first, so that no dead line or ended session loses them.
 * @param {HTMLButtonElement} button
 * @param {() => boolean | Promise<boolean>} ready
 */
function leavesBy(button, ready) {
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    await running;
    if ((await save()) && (await ready())) {
      localStorage.removeItem(drawer);
      form.elements.photo.disabled = true; // it has arrived, or is not to
      form.action = button.hasAttribute("formaction") ? button.formAction : sends;
      form.submit();
    }
    sending = false;
  });
}
const go = form.querySelector("[data-send]"); // what a village doctor writes, another sends
if (go) leavesBy(go, signWhatIsThere);
leavesBy(form.querySelector("[data-refuse]"), () => true);
window.addEventListener("pageshow", () => {
  form.elements.photo.disabled = false;
  sending = false;
});

restore();
