// The form of one duty: checked on the device, written there first, then sent once, now or when the
// line is back (waiting.js). A warning value stops it, with the numbers to ring.
import { drop, owner, signOn, write, written } from "../web/account.js";
import { again, problem, warns, words } from "./check.js";
import { send } from "../web/device.js";
import { Pad } from "../web/pad.js";
import { fromDevice, ready, round } from "./waiting.js";

/** @param {HTMLElement} place @param {string} name */
const part = (place, name) => /** @type {HTMLElement} */ (place.querySelector(`[data-${name}]`));

/**
 * @param {HTMLFormElement} form
 * @param {{id: string, who: string, what: string, rule: any, limits: any, phones: any[], day: string, kit: string, user?: any}} facts
 */
export async function attach(form, facts) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[data-done]"));
  const at = form.action.replace(/serve\/$/, "");
  const pad = new Pad(/** @type {HTMLCanvasElement} */ (part(form, "pad")));
  part(form, "pad-clear").addEventListener("click", () => pad.clear());
  let kept = ""; // the key of a warning value that waits here
  if (!fieldOf(form, "draft").value) fieldOf(form, "draft").value = crypto.randomUUID();
  form.addEventListener("input", () => {
    form.dataset.touched = "yes";
    count(form);
  });
  count(form);
  if (facts.user) signOn(facts.user).catch(() => {});

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy")) return;
    const wrong = problem(read(form), facts.rule, facts.limits);
    clear(form);
    if (wrong) return show(form, wrong[0], wrong[1]);
    button.setAttribute("aria-busy", "true");
    try {
      await go();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  async function go() {
    fieldOf(form, "signature").value = pad.isEmpty() ? "" : pad.picture();
    const fields = read(form);
    const stops = warns(fields, facts.rule, facts.limits) && fields.refusal.trim().length < facts.limits.least.refusal;
    const record = {
      key: fields.draft,
      at: Date.now(),
      duty: facts.id,
      who: facts.who,
      what: facts.what,
      warns: stops,
      said: words(fields, facts.limits),
      sends: `${at}serve/`,
      adds: `${at}add/`,
      stands: at,
      fields,
    };
    await ready;
    if (facts.user) await signOn(facts.user).catch(() => {}); // who is quick is here before the key
    try {
      await write(record);
    } catch {
      return unkept(record);
    }
    delete form.dataset.touched;
    kept = fields.draft;
    const answer = (await round(kept, kept)).get(kept);
    if (answer?.url) return location.assign(answer.url);
    if (answer?.refused) return refused(answer);
    if (stops) return stop(fields);
    if (fromDevice || (await standsIn())) return location.assign(facts.day);
    return top();
  }

  /** This device keeps nothing: the server has it at once, or what was typed stays in sight. @param {any} record */
  async function unkept({ sends, fields }) {
    const answer = fromDevice ? null : await send(sends, { ...fields, waited: "0" });
    if (answer?.url) return location.assign(answer.url);
    return answer?.refused ? form.submit() : show(form, "note", String(form.dataset.unkept));
  }

  /** The page says it at its field, and holds what was typed; two versions are shown above. */
  async function refused(answer) {
    const waiting = (await written()).mine.find((one) => one.key === kept);
    if (waiting?.refused?.theirs && answer.path !== "refusal") return top();
    if (waiting) await drop(waiting);
    form.submit();
  }

  /** Kept, not finished: whom to ring, and what the patient says. @param {Record<string, string>} fields */
  function stop(fields) {
    part(form, "stop").hidden = part(form, "refusal").hidden = false;
    const row = /** @type {HTMLTemplateElement} */ (form.querySelector("[data-stop] template"));
    const phones = facts.phones.map(({ name, phone }) => {
      const one = /** @type {DocumentFragment} */ (row.content.cloneNode(true));
      const link = /** @type {HTMLAnchorElement} */ (one.querySelector("a"));
      link.href = `tel:${phone}`;
      part(link, "phone").textContent = phone;
      part(link, "hospital").textContent = name;
      return one;
    });
    const second = again(fields, facts.rule, facts.limits);
    part(form, "again").textContent = second.join(" ");
    part(form, "again").hidden = !second.length;
    part(form, "phones").replaceChildren(...phones);
    part(form, "stop").focus();
    part(form, "stop").scrollIntoView({ block: "center" });
    fieldOf(form, "draft").value = fields.draft; // with a refusal it is the same visit
  }

  async function standsIn() {
    return Boolean(navigator.serviceWorker?.controller && (await caches.match(facts.kit)));
  }
}

/** How much of each part is there, on its line while it is folded. @param {HTMLFormElement} form */
function count(form) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-part]"))) {
    const fields = /** @type {HTMLInputElement[]} */ ([...place.querySelectorAll("[name^='item-']")]);
    const there = fields.filter((field) => field.value.trim()).length;
    const why = /** @type {HTMLSelectElement | null} */ (place.querySelector("[name^='not-']"));
    const because = why?.value ? why.selectedOptions[0].textContent : "";
    part(place, "filled").textContent = because || (fields.length ? `${there}/${fields.length}` : "");
  }
}

function top() {
  window.scrollTo(0, 0);
  /** @type {HTMLElement | null} */ (document.querySelector("[data-visits] .ban"))?.focus();
}

/** @param {HTMLFormElement} form @param {string} name */
function fieldOf(form, name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}

/** What stands in the form. @param {HTMLFormElement} form @returns {Record<string, string>} */
export function read(form) {
  const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  delete fields.csrfmiddlewaretoken;
  return { refusal: "", ...fields };
}

/** @param {HTMLFormElement} form */
function clear(form) {
  for (const said of form.querySelectorAll(".f__err")) said.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const place of form.querySelectorAll(".f--err")) place.classList.remove("f--err");
}

/** @param {HTMLFormElement} form @param {string} name @param {string} text */
function show(form, name, text) {
  const found = form.elements.namedItem(name);
  const field = /** @type {HTMLInputElement} */ (found instanceof RadioNodeList ? found[0] : found);
  const place = /** @type {HTMLElement} */ (field.closest(".f, fieldset"));
  const said = /** @type {HTMLElement} */ (
    /** @type {DocumentFragment} */ (
      /** @type {HTMLTemplateElement} */ (form.querySelector("[data-wrong-line]")).content.cloneNode(true)
    ).firstElementChild
  );
  said.querySelector("span").textContent = text;
  said.id = `wrong-${name}`;
  if (place.classList.contains("f")) place.classList.add("f--err");
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", said.id);
  place.append(said);
  field.closest("details")?.setAttribute("open", "");
  field.focus();
}

/** @param {string} id */
const json = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-serve]:not([data-kit])"));
if (form) {
  const say = /** @type {HTMLElement} */ (document.querySelector("[data-visits]")).dataset;
  attach(form, {
    ...json("duty-facts"),
    limits: json("duty-limits"),
    day: String(say.day),
    kit: String(say.kitPage),
    user: { user: say.user, name: say.name, seal: say.seal },
  });
}
