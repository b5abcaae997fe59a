/**
 * Phrases of a doctor and the department: chosen from a list, or typed as a semicolon, the short
 * form and a space.
 */

import { onPick } from "./picking.js";

const TYPED = /[;；]([\p{L}\p{N}_]{1,20})[ \u3000]$/u;

/**
 * @param {HTMLFormElement} form
 * @param {string[]} texts names of the fields they go into
 * @param {() => void} changed told after each insertion
 */
export function offerPhrases(form, texts, changed) {
  const phrases = /** @type {{short: string, text: string}[]} */ (
    JSON.parse(document.getElementById("opinion-phrases")?.textContent ?? "[]")
  );
  const chooser = form.querySelector("[data-phrases]");
  if (!phrases.length || !chooser) return;
  const byShort = new Map(phrases.map((phrase) => [phrase.short, phrase.text]));
  const fields = texts.map((name) => /** @type {HTMLTextAreaElement} */ (form.elements.namedItem(name)));
  let last = fields[0];
  chooser.hidden = false;

  for (const field of fields) {
    field.addEventListener("focus", () => {
      last = field;
    });
    field.addEventListener("input", (event) => {
      if (/** @type {InputEvent} */ (event).isComposing) return; // the input method isn't done
      const before = field.value.slice(0, field.selectionStart);
      const short = TYPED.exec(before);
      const text = short && byShort.get(short[1].toLowerCase());
      if (short && text) put(field, text, before.length - short[0].length);
    });
  }
  onPick(chooser.querySelector("select"), (short) => {
    const text = byShort.get(short);
    if (!text) return;
    put(last, text, last.selectionStart);
    last.focus();
  });

  /**
   * Whatever does not fit stays out as a whole: half a sentence would be another sentence.
   * @param {HTMLTextAreaElement} field @param {string} text @param {number} from
   */
  function put(field, text, from) {
    const longer = text.length - (field.selectionEnd - from);
    if (field.readOnly || (field.maxLength >= 0 && field.value.length + longer > field.maxLength)) return;
    field.setRangeText(text, from, field.selectionEnd, "end");
    changed();
  }
}
