/**
 * The draft of an opinion: saved as typed, kept on this device until the server has it, signed
 * without leaving the page (a live call may be running around it).
 */

import { offerPhrases } from "./phrases.js";
import { onPick } from "./picking.js";
import { showSimilar } from "./similar.js";
import { writeTogether } from "./together.js";

const PAUSE = 800; // ms after the last key
const PATIENCE = 20000; // ms for which a template waits for its facts
const RETRY = 5000; // ms between tries while the line is down
const PASSING = ["licence", "pin", "held", "unfinished"]; // refusals after which one writes on
const TEXTS = ["findings", "conclusion", "recommendations"];

/**
 * What is kept on the device while the server has not acknowledged it.
 * @typedef {{version: number, texts: Record<string, string>}} Kept
 */

/**
 * @param {HTMLFormElement} form
 */
export function start(form) {
  const words = form.dataset;
  const name = `opinion-draft:${words.writer}:${words.draft}`;
  const version = field("version");
  // What the server has, as far as this window knows; of a refused form it has nothing.
  let saved = /** @type {Record<string, string>} */ ("unsaved" in words ? {} : read());
  const versions = Object.fromEntries(TEXTS.map((text) => [text, Number(field(text).dataset.version)]));
  const unheard = /** @type {Record<string, string>} */ ({}); // sent, and perhaps kept there
  let timer = 0;
  let running = /** @type {Promise<boolean> | null} */ (null);
  let undecided = false; // the device holds another text, and the writer has not chosen yet
  let stopped = false; // another window has gone on, or the text is signed
  let filling = false; // a template is on its way; what is typed meanwhile goes over it

  const together = writeTogether(form, TEXTS, {
    ...{ field, isChanged, save, follow, say, post },
    undo: (text) => {
      field(text).value = saved[text] ??= ""; // of a refused form nothing is known
      keep();
    },
    over: stop,
    isOver: () => stopped,
  });

  form.querySelector("[data-save]").hidden = true;
  offerTemplates();
  offerPhrases(form, TEXTS, typed);
  takeUpKept();
  if ("unsaved" in words) typed();
  form.addEventListener("input", (event) => {
    if (TEXTS.includes(/** @type {HTMLInputElement} */ (event.target).name)) typed();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = /** @type {HTMLElement | null} */ (event.submitter ?? document.activeElement);
    if (button?.hasAttribute("data-sign-button")) sign();
    else if (button?.hasAttribute("data-ready-button")) signLater(button.getAttribute("formaction") ?? "");
    else save();
  });
  form.addEventListener("keydown", (event) => {
    const inPin = event.target === field("pin");
    if (!field("pin") || event.key !== "Enter" || !(inPin || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (field("pin").value) sign();
    else field("pin").focus();
  });
  addEventListener("online", () => save());
  addEventListener("pagehide", keep);

  /** @param {string} of */
  function field(of) {
    return /** @type {HTMLInputElement} */ (form.elements.namedItem(of));
  }

  function read() {
    return Object.fromEntries(TEXTS.map((text) => [text, field(text).value]));
  }

  /** @param {string} text */
  function isChanged(text) {
    return field(text).value !== saved[text];
  }

  function isSaved() {
    return !TEXTS.some(isChanged);
  }

  /** While several write, the others follow: it is not waited until the keys are still. */
  function typed() {
    keep();
    if (stopped || isSaved()) return clearTimeout(timer);
    for (const text of TEXTS) if (isChanged(text)) together.hold(text);
    say(words.waiting);
    if (timer && together.isShared()) return;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  /** Show what others saved; what this window has not sent yet stays. @param {import("./together.js").Now} now */
  function follow(now) {
    for (const text of TEXTS) {
      const { text: fresh, version: known } = now.sections[text];
      if (known < versions[text]) continue; // an older look
      if (isChanged(text) && field(text).value !== fresh) continue;
      versions[text] = known;
      saved[text] = fresh;
      if (field(text).value !== fresh) field(text).value = fresh;
    }
    const shown = TEXTS.every((text) => versions[text] === now.sections[text].version);
    if (shown && now.version > Number(version.value)) version.value = String(now.version);
  }

  /** Put what the server lacks on the device; nothing stays there once it has it. */
  function keep() {
    if (undecided) return;
    try {
      if (isSaved()) localStorage.removeItem(name);
      else localStorage.setItem(name, JSON.stringify({ version: Number(version.value), texts: read() }));
    } catch {
      // A full or forbidden storage: the text is still on the page.
    }
  }

  /** What this device still holds goes out now, unless another window has gone on since. */
  function takeUpKept() {
    let kept = /** @type {Kept | null} */ (null);
    try {
      kept = JSON.parse(localStorage.getItem(name) ?? "null");
    } catch {
      kept = null;
    }
    if (!kept || TEXTS.every((text) => (kept?.texts[text] ?? "") === saved[text])) return keep();
    if (kept.version === Number(version.value)) return use(kept);
    undecided = true;
    const offer = form.querySelector("[data-kept]");
    offer.hidden = false;
    offer.querySelector("[data-kept-text]").textContent = TEXTS.map((text) => kept?.texts[text])
      .filter(Boolean)
      .join("\n");
    offer.addEventListener("click", (event) => {
      const choice = /** @type {HTMLElement} */ (event.target).closest("button")?.dataset.choice;
      if (!choice) return;
      undecided = false;
      offer.hidden = true;
      if (choice === "use" && kept) use(kept);
      else keep();
    });
  }

  /** @param {Kept} kept */
  function use(kept) {
    for (const text of TEXTS) field(text).value = kept.texts[text] ?? "";
    typed();
  }

  /** One request at a time; what is typed meanwhile goes with the next. @returns {Promise<boolean>} */
  function save() {
    clearTimeout(timer);
    timer = 0;
    if (stopped || filling) return Promise.resolve(false);
    running ??= send().finally(() => {
      running = null;
    });
    return running;
  }

  /** Each section by itself: nothing that another wrote is written over. */
  async function send() {
    let behind = false;
    let lost = false;
    for (;;) {
      const text = TEXTS.find((one) => one in unheard || isChanged(one));
      if (!text) break;
      const sent = unheard[text] ?? field(text).value;
      const answer = await post(words.section, { section: text, version: String(versions[text]), text: sent });
      if (answer === null) {
        unheard[text] = sent;
        timer = setTimeout(save, RETRY);
        say(words.waiting);
        return false;
      }
      delete unheard[text];
      if (answer.status === 409 && answer.body.path === text) {
        lost = true;
        together.lose(text);
        say(answer.body.text);
        continue;
      }
      if (!answer.ok) {
        refuse(answer.status, answer.body);
        return false;
      }
      behind ||= answer.body.version > Number(version.value) + 1;
      if (!behind) version.value = answer.body.version;
      versions[text] = answer.body.section;
      saved[text] = sent;
      keep();
      say(words.saved.replace("{time}", answer.body.saved_at));
      together.letGo(text);
    }
    if (behind) await together.look();
    return !lost;
  }

  /** The words first, then the PIN over what the server has: a refusal never loses a word. */
  async function sign() {
    const button = form.querySelector("[data-sign-button]");
    if (stopped || button.getAttribute("aria-busy") === "true") return;
    complain("");
    button.setAttribute("aria-busy", "true");
    for (const text of TEXTS) field(text).readOnly = true;
    const answer = (await save())
      ? await post(
          words.sign,
          {
            version: version.value,
            pin: field("pin").value,
            off_duty: field("off_duty")?.value ?? "",
            ...(field("unfinished").checked ? { unfinished: "on" } : {}),
          },
          { "Idempotency-Key": field("key").value },
        )
      : null;
    together.lock();
    button.removeAttribute("aria-busy");
    if (stopped) return;
    if (answer === null) return complain(words.unreached);
    if (!answer.ok) {
      if (answer.body.kind === "stale") together.look();
      else if (answer.status === 409) refuse(answer.status, answer.body);
      if (answer.body.path === "unfinished") form.querySelector("[data-unfinished]").hidden = false;
      complain(answer.body.text);
      field("pin").value = "";
      field("pin").focus();
      return;
    }
    stopped = true;
    field("pin").value = "";
    say(words.signed);
    for (const text of TEXTS) field(text).readOnly = true;
    form.querySelector("[data-templates]").hidden = form.querySelector("[data-signing]").hidden = true;
    form.querySelector("[data-done]").hidden = false;
    form.querySelector("[data-done] a").focus(); // the button that had the focus is gone
    const event = new CustomEvent("opinion-signed", {
      bubbles: true,
      cancelable: true,
      detail: answer.body,
    });
    if (form.dispatchEvent(event)) location.assign(words.after); // a room stays where it is
  }

  /** @param {string} url */
  async function signLater(url) {
    if (stopped || !(await save())) return;
    const answer = await post(url, { version: version.value });
    if (answer === null) return complain(words.unreached);
    if (!answer.ok) return complain(answer.body.text);
    version.value = answer.body.version;
    say(words.ready);
  }

  /** @param {number} status @param {{path?: string, text?: string}} body */
  function refuse(status, body) {
    keep();
    if (status !== 409 && status !== 404) return say(body.text ?? words.waiting);
    if (!PASSING.includes(body.path ?? "")) stop(body.text ?? words.over);
  }

  /** Nothing can be saved here any more. @param {string} said */
  function stop(said) {
    stopped = true;
    form.querySelector("[data-warning-text]").textContent = said;
    form.querySelector("[data-warning]").hidden = false;
    say(isSaved() ? "" : words.over);
  }

  /** @param {string} text */
  function say(text) {
    form.querySelector("[data-state]").textContent = text;
  }

  /** @param {string} text */
  function complain(text) {
    const place = /** @type {HTMLElement} */ (form.querySelector("[data-refusal]"));
    place.textContent = text;
    place.hidden = !text;
    field("pin").setAttribute("aria-invalid", String(Boolean(text)));
  }

  function offerTemplates() {
    const chooser = form.querySelector("[data-templates]");
    const templates = JSON.parse(document.getElementById("opinion-templates").textContent);
    chooser.querySelector("[data-fill-button]").hidden = true;
    onPick(chooser.querySelector("select"), async (key) => {
      if (stopped || chooser.getAttribute("aria-busy") === "true") return;
      chooser.setAttribute("aria-busy", "true");
      const free = TEXTS.filter((text) => !field(text).readOnly);
      for (const text of free) field(text).readOnly = true; // what is typed now would meet what comes
      const ready = await save();
      filling = true;
      const answer = ready ? await fill(key) : null;
      filling = false;
      for (const text of free) field(text).readOnly = false;
      together.lock();
      chooser.removeAttribute("aria-busy");
      if (stopped) return;
      if (answer?.ok) {
        goOver(answer.body);
        follow(answer.body);
        keep();
        say(words.filled);
        if (!isSaved()) typed();
      } else if (answer) refuse(answer.status, answer.body);
      else useBare(templates.find((/** @type {{key: string}} */ t) => t.key === key));
    });
  }

  /** What somebody typed while the template came stands over it. @param {import("./together.js").Now} now */
  function goOver(now) {
    for (const text of TEXTS)
      if (isChanged(text)) {
        versions[text] = now.sections[text].version;
        saved[text] = now.sections[text].text;
      }
  }

  /** @param {string} key */
  function fill(key) {
    return Promise.race([
      post(words.fill, { template: key }),
      new Promise((done) => setTimeout(done, PATIENCE, null)),
    ]);
  }

  /** Without a line: the blanks alone. @param {Record<string, string>} template */
  function useBare(template) {
    for (const text of TEXTS)
      if (!field(text).value.trim() && !field(text).readOnly) field(text).value = template[text];
    typed();
    say(words.bare);
  }

  /**
   * @param {string} url
   * @param {Record<string, string>} fields
   * @param {Record<string, string>} [headers]
   * @param {boolean} [last] the page is closing
   * @returns {Promise<{ok: boolean, status: number, body: any} | null>} null: no line, or no server
   */
  async function post(url, fields, headers = {}, last = false) {
    const token = field("csrfmiddlewaretoken").value;
    try {
      const response = await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        keepalive: last,
        headers: { Accept: "application/json", "X-CSRFToken": token, ...headers },
        body: new URLSearchParams(fields),
      });
      if (response.status >= 500) return null;
      return { ok: response.ok, status: response.status, body: await response.json().catch(() => ({})) };
    } catch {
      return null;
    }
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  start(/** @type {HTMLFormElement} */ (form));
}
for (const fold of document.querySelectorAll("details[data-similar]")) {
  showSimilar(/** @type {HTMLDetailsElement} */ (fold));
}
