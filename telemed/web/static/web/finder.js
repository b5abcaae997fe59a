const FEWEST = 2; // letters
const QUIET = 200; // ms

/**
 * A patient by a few letters, as radio buttons: for forms that begin with who it is.
 *
 * @param {HTMLFormElement} form with data-search, and in it [data-find], [data-found], and
 *   [data-found-count] whose data-words say how many; [data-found-none] where nobody is
 */
export function findsPatients(form) {
  const find = form.querySelector("[data-find]");
  const found = form.querySelector("[data-found]");
  const none = form.querySelector("[data-found-none]");
  const count = form.querySelector("[data-found-count]");
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
    const many = patients.length;
    if (none) none.hidden = many > 0;
    count.textContent = many || !none ? count.dataset.words.replace("{n}", String(many)) : "";
    found.replaceChildren(...patients.map(line));
    const first = found.querySelector("input");
    if (many === 1 && first) first.checked = true;
    form.dispatchEvent(new Event("found"));
  }

  find?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(search, QUIET);
  });
  if (find) search(); // typed before this was here, or by Back
  return { field: find, search };
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
