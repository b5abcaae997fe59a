/**
 * Several write on one draft: whose section it is, what the others type, and what was typed too late.
 */

const SOON = 100; // ms; several rings are one look
const EVERY = 5000; // ms between looks in case a ring was lost

/**
 * @typedef {{text: string, version: number, says: string, lapsed: boolean, left: number}} Section
 * @typedef {{version: number, together: boolean, sections: Record<string, Section>}} Now
 * @typedef {{ok: boolean, status: number, body: any} | null} Answer
 */

/**
 * @param {HTMLFormElement} form
 * @param {string[]} texts names of the sections
 * @param {{
 *   field: (text: string) => HTMLTextAreaElement,
 *   isChanged: (text: string) => boolean,
 *   save: () => Promise<boolean>,
 *   undo: (text: string) => void,
 *   follow: (now: Now) => void,
 *   over: (said: string) => void,
 *   isOver: () => boolean,
 *   say: (said: string) => void,
 *   post: (url: string, fields: Record<string, string>, headers?: Record<string, string>, last?: boolean) => Promise<Answer>,
 * }} draft
 */
export function writeTogether(form, texts, draft) {
  const words = form.dataset;
  const mine = new Set(); // sections that this window types in
  const theirs = new Set(); // sections that another has, or left unfinished
  let shared = "together" in words;
  let looking = /** @type {Promise<void> | null} */ (null);
  let again = false;
  let soon = 0;
  let lapse = 0;

  for (const text of texts) {
    draft.field(text).addEventListener("blur", () => leave(text));
    part(text, "[data-take-over]").addEventListener("click", () => takeOver(text));
    part(text, "[data-copy]").addEventListener("click", () => copy(text));
    part(text, "[data-drop]").addEventListener("click", () => {
      typed(text).value = "";
      part(text, "[data-beside]").hidden = true;
      draft.field(text).focus();
    });
  }
  document.addEventListener("inbox", () => {
    clearTimeout(soon);
    soon = setTimeout(look, SOON);
  });
  setInterval(() => shared && !document.hidden && look(), EVERY);
  addEventListener("pagehide", () => {
    if (shared) for (const text of mine) draft.post(words.leave, { section: text }, {}, true);
    mine.clear();
  });
  if (shared) look();
  return { isShared: () => shared, hold, letGo, lose, look, lock };

  /** @param {string} text @param {string} what @returns {HTMLElement} */
  function part(text, what) {
    return form.querySelector(`[data-part="${text}"] ${what}`);
  }

  /** @param {string} text @returns {HTMLTextAreaElement} */
  function typed(text) {
    return /** @type {HTMLTextAreaElement} */ (part(text, "[data-typed]"));
  }

  /** The first key in a section: say so at once, before it is saved. @param {string} text */
  async function hold(text) {
    if (mine.has(text)) return;
    mine.add(text);
    if (!shared) return;
    const answer = await draft.post(words.take, { section: text });
    if (answer?.status !== 409) return;
    lose(text);
    draft.say(answer.body.text);
  }

  /** @param {string} text */
  async function leave(text) {
    if (mine.has(text) && (await draft.save())) letGo(text);
  }

  /** Of a saved section that nobody types in here any more. @param {string} text */
  function letGo(text) {
    if (!mine.has(text) || document.activeElement === draft.field(text) || draft.isChanged(text)) return;
    mine.delete(text);
    if (shared) draft.post(words.leave, { section: text });
  }

  /** Another has the section: what was typed stays beside it. @param {string} text */
  function lose(text) {
    mine.delete(text);
    if (draft.isChanged(text)) {
      typed(text).value = draft.field(text).value;
      part(text, "[data-beside]").hidden = false;
      draft.undo(text);
    }
    look();
  }

  /** @param {string} text */
  async function takeOver(text) {
    const answer = await draft.post(words.take, { section: text, over: "on" });
    if (answer?.ok) mine.add(text);
    else draft.say(answer?.body.text ?? words.waiting);
    await look();
    if (answer?.ok) draft.field(text).focus();
  }

  /** @param {string} text */
  async function copy(text) {
    typed(text).select();
    await navigator.clipboard?.writeText(typed(text).value).catch(() => {});
    draft.say(words.copied);
  }

  /** Read what stands on the server now; asked for meanwhile, once more. @returns {Promise<void>} */
  function look() {
    again = Boolean(looking);
    looking ??= read().finally(() => {
      looking = null;
      if (again) look();
    });
    return looking;
  }

  async function read() {
    if (draft.isOver()) return;
    const response = await fetch(words.text, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!response || response.redirected || draft.isOver()) return;
    const body = await response.json().catch(() => null);
    if (response.ok && body) apply(body);
    else if (body && [403, 404, 409].includes(response.status)) draft.over(body.text);
  }

  /** @param {Now} now */
  function apply(now) {
    shared = now.together;
    clearTimeout(lapse);
    const left = texts.map((text) => now.sections[text].left).filter(Boolean);
    if (left.length) lapse = setTimeout(look, Math.min(...left) * 1000 + 200);
    for (const text of texts) {
      const { says, lapsed } = now.sections[text];
      if (says) theirs.add(text);
      else theirs.delete(text);
      if (says && (mine.delete(text) || draft.isChanged(text))) lose(text);
      const said = part(text, "[data-says]");
      if (said.textContent !== says) said.textContent = says;
      part(text, "[data-held]").hidden = !says;
      part(text, "[data-take-over]").hidden = !lapsed;
    }
    lock();
    draft.follow(now);
  }

  /** What another has is read here, and not written. */
  function lock() {
    for (const text of texts) draft.field(text).readOnly = theirs.has(text);
  }
}
