/** Guests without an account: a host sends each a link, shown once to read out or copy, and takes it back. */
const data = JSON.parse(document.getElementById("room-data")?.textContent || "{}");
const words = JSON.parse(document.getElementById("room-words")?.textContent || "{}");
const host = /** @type {HTMLElement | null} */ (document.querySelector("[data-links]"));
const form = /** @type {HTMLFormElement | null} */ (host?.querySelector("[data-inviting]") || null);
const dialog = /** @type {HTMLDialogElement | null} */ (host?.closest("dialog") || null);
const part = (name) => /** @type {HTMLElement} */ (host?.querySelector(`[data-${name}]`));

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const made = await post(data.links.invite, Object.fromEntries(/** @type {any} */ (new FormData(form))));
  if (!made) return;
  form.reset();
  show(made);
});

// Who comes as the patient has the number of the record, until somebody writes another.
form?.addEventListener("change", (event) => {
  const chosen = /** @type {HTMLInputElement} */ (event.target);
  if (chosen.name !== "role") return;
  for (const name of ["name", "phone"]) {
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
    const proposed = chosen.dataset[name] || "";
    if (!field.value || field.value === field.dataset.proposed) field.value = proposed;
    field.dataset.proposed = proposed;
  }
});

part("copy")?.addEventListener("click", async () => {
  const copied = await navigator.clipboard?.writeText(part("address").textContent || "").then(() => true, () => false);
  if (copied) part("text").textContent = part("copy").dataset.copied || "";
});

document.querySelector('[data-opens="invite"]')?.addEventListener("click", list);
dialog?.addEventListener("close", () => (part("made").hidden = true));

/** @param {{address: string, text: string}} made */
function show(made) {
  part("made").hidden = false;
  part("text").textContent = made.text;
  part("address").textContent = made.address;
  list();
}

async function list() {
  if (!host) return;
  const answer = await fetch(data.links.listed, { headers: { Accept: "application/json" } }).catch(() => null);
  const { guests } = answer?.ok ? await answer.json() : { guests: [] };
  part("invited").hidden = guests.length === 0;
  part("invited").replaceChildren(...guests.map(row));
}

/** @param {{user: string, name: string, phone: string, role: string, state: string}} guest */
function row(guest) {
  const line = Object.assign(document.createElement("li"), { className: "flex wrap" });
  const text = Object.assign(document.createElement("span"), { className: "grow" });
  text.append(Object.assign(document.createElement("b"), { textContent: guest.name }), ` ${guest.phone} · ${guest.role} · ${guest.state}`);
  line.append(text, button(words.link_new, guest, renew), button(words.link_end, guest, end));
  return line;
}

function button(text, guest, act) {
  const one = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--s", textContent: text });
  one.setAttribute("aria-label", `${text} ${guest.name}`);
  one.addEventListener("click", () => act(guest.user));
  return one;
}

async function renew(user) {
  const made = await post(data.links.renew, { user_id: user });
  if (made) show(made);
}

async function end(user) {
  if (!(await post(data.links.end, { user_id: user }))) return;
  part("made").hidden = true;
  list();
}

/** What it answered; null where it was refused, which is said. @param {string} address @param {Record<string, string>} fields */
async function post(address, fields) {
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: data.csrf });
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  const said = answer && answer.status !== 204 ? await answer.json().catch(() => ({})) : {};
  const wrong = part("wrong");
  wrong.hidden = !!answer?.ok;
  wrong.textContent = answer?.ok ? "" : said.text || words.no_line;
  return answer?.ok ? said : null;
}
