// Parts of a page that stand for what others do: fetched again when the inbox rings.

const QUIET = 400; // ms; several rings are one look

/** @param {HTMLElement} part an element with data-live="its address" */
async function refresh(part) {
  if (new URLSearchParams(location.search).has("refused")) return; // what was typed stands in the forms
  if (document.activeElement && part.contains(document.activeElement) && isTyping()) return;
  const answer = await fetch(part.dataset.live).catch(() => null);
  // Redirected: the session ended elsewhere. What stands here stays until somebody acts on it.
  if (!answer || !answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]") || page.body;
  // A form that somebody has begun to fill stays as it is.
  if ([...part.querySelectorAll("form")].some(isBegun)) return;
  const held = part.contains(document.activeElement) ? document.activeElement : null;
  part.replaceChildren(...fresh.childNodes);
  if (held) takeUp(part, held);
}

/** The focus goes on where it was; where that is gone, to the part that changed. */
function takeUp(part, held) {
  const same = [...part.querySelectorAll(held.tagName)].find((other) => nameOf(other) === nameOf(held));
  if (!same) part.tabIndex = -1;
  (same || part).focus({ preventScroll: true });
}

/** @param {Element} element */
function nameOf(element) {
  return element.id || element.getAttribute("href") || `${element.closest("form")?.action}#${element.textContent.trim()}`;
}

function isTyping() {
  return /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
}

/** @param {HTMLFormElement} form */
function isBegun(form) {
  return [...form.elements].some((field) => {
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    return "defaultValue" in field && field.value !== field.defaultValue;
  });
}

// What ages by itself (minutes, who lost the line) is looked at again: data-every, in seconds.
for (const part of document.querySelectorAll("[data-live][data-every]")) {
  setInterval(() => document.hidden || refresh(part), Number(part.dataset.every) * 1000);
}

let waiting;
function look() {
  clearTimeout(waiting);
  waiting = setTimeout(() => document.querySelectorAll("[data-live]").forEach(refresh), QUIET);
}
document.addEventListener("inbox", look);
document.addEventListener("look", look); // the page itself has changed something
