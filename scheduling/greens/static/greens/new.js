// The opening of a green channel: find the patient by a few letters; one button opens it.
const form = document.querySelector("[data-green-new]");
const find = form.querySelector("[data-green-find]");
const found = form.querySelector("[data-found]");
const count = form.querySelector("[data-found-count]");
const FEWEST = 2; // letters
const QUIET = 200; // ms
let timer = 0;
let asked = 0;

async function search() {
  const text = find.value.trim();
  if (text.length < FEWEST) return;
  const turn = ++asked;
  const answer = await fetch(`${form.dataset.search}?q=${encodeURIComponent(text)}`, {
    headers: { Accept: "application/json" },
  }).catch(() => null);
  if (!answer?.ok || turn !== asked) return;
  const { patients } = await answer.json();
  count.textContent = count.dataset.words.replace("{n}", String(patients.length));
  found.replaceChildren(...patients.map(line));
  if (patients.length === 1) found.querySelector("input").checked = true;
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

find?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = window.setTimeout(search, QUIET);
});
// Enter in the search looks; it opens nothing.
find?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  search();
});
