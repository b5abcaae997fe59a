/**
 * What every page does: clocks tick, / finds, letters act, switches switch, menus and dialogs close.
 * Everything works without it: clocks show deadlines, switches are forms.
 *
 * Others ask by events on document:
 *   toast  {text, undo?: () => void}    say that something was done
 *   line   {level: 0..4 | -1, rate?, calm?}  what the line can carry, in words (-1: no network); calm: more than the call
 *   inbox  {count}                      the badge's number
 */
import { forget, hasAny, look } from "./account.js";
import { draw, fill, serverNow, words } from "./clock.js";

const root = document.documentElement;
const say = words();

/* ---- clocks ---- */

function tick() {
  const now = serverNow();
  for (const clock of document.querySelectorAll(".clk[data-due]")) draw(/** @type {HTMLElement} */ (clock), now, say);
  const time = document.querySelector("[data-server-time]");
  // The province has one time zone, whatever this PC believes.
  const text = new Date(now).toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
  if (time && time.textContent !== text) time.textContent = text;
}
tick();
setInterval(tick, 1000);

/* ---- switches: at once, and kept by a form post in the background ---- */

document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("button[data-switch]");
  if (!(button instanceof HTMLButtonElement) || !button.form) return;
  event.preventDefault();
  const body = new FormData(button.form);
  body.append(button.name, button.value);
  const care = button.dataset.switch === "care";
  const on = care ? button.value === "on" : button.value === "dark";
  if (care) root.toggleAttribute("data-care", on);
  else root.dataset.theme = on ? "dark" : "light";
  for (const other of document.querySelectorAll(`button[data-switch="${button.dataset.switch}"]`)) {
    other.setAttribute("aria-pressed", String(on));
    /** @type {HTMLButtonElement} */ (other).value = care ? (on ? "off" : "on") : on ? "light" : "dark";
  }
  fetch(button.form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => {});
});

/* ---- keyboard. Letters never fire in a field, and can be switched off ---- */

/** @param {EventTarget | null} target */
function inField(target) {
  return target instanceof Element && !!target.closest("input, textarea, select, [contenteditable], dialog[open]");
}

/** Move through [data-rows] > [data-row]. @param {number} step */
function move(step) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-rows] [data-row]")]);
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1)];
  for (const row of rows) row.tabIndex = row === next ? 0 : -1;
  next.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || inField(event.target)) return;
  if (event.key === "/") {
    const find = document.querySelector("[data-find]");
    if (find instanceof HTMLElement && find.offsetParent) {
      event.preventDefault();
      find.focus();
    }
    return;
  }
  const row = /** @type {Element} */ (event.target).closest?.("[data-row]");
  if (event.key === "Enter" && row === event.target) {
    /** @type {HTMLElement | null} */ (row?.querySelector("a[href], button"))?.click();
    return;
  }
  if (root.hasAttribute("data-no-letters") || event.key.length !== 1) return;
  const letter = event.key.toLowerCase();
  if (letter === "j") move(1);
  else if (letter === "k") move(-1);
  else {
    const act = [...document.querySelectorAll("[data-key]")].find((el) => /** @type {HTMLElement} */ (el).dataset.key?.toLowerCase() === letter);
    if (!(act instanceof HTMLElement) || act.getAttribute("aria-disabled") === "true") return;
    event.preventDefault();
    act.click();
  }
});

/* ---- menus ---- */

/** @param {Node} [except] */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (except && menu.contains(except)) continue;
    if (menu.contains(document.activeElement)) /** @type {HTMLElement} */ (menu.firstElementChild).focus();
    menu.removeAttribute("open");
  }
}
document.addEventListener("click", (event) => closeMenus(/** @type {Node} */ (event.target)));

/* ---- dialogs: data-opens="id", data-closes; browsers without <dialog> get the attribute ---- */

/** @param {HTMLElement} dialog @param {Element} opener */
function openDialog(dialog, opener) {
  if (dialog instanceof HTMLElement && "showModal" in dialog) {
    /** @type {HTMLDialogElement} */ (dialog).showModal();
    return;
  }
  dialog.classList.add("dlg--old");
  dialog.setAttribute("open", "");
  dialog.setAttribute("role", "dialog");
  dialog.setAttribute("aria-modal", "true");
  const parts = () => /** @type {HTMLElement[]} */ ([...dialog.querySelectorAll("a[href], button, input, select, textarea")]);
  parts()[0]?.focus();
  dialog.onkeydown = (event) => {
    const all = parts();
    const last = event.shiftKey ? all[0] : all[all.length - 1];
    if (event.key === "Escape") closeDialog(dialog);
    else if (event.key === "Tab" && document.activeElement === last) {
      event.preventDefault();
      (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
    }
  };
  dialog.addEventListener("close", () => /** @type {HTMLElement} */ (opener).focus(), { once: true });
}

/** @param {HTMLElement} dialog */
function closeDialog(dialog) {
  if ("close" in dialog && !dialog.classList.contains("dlg--old")) return /** @type {HTMLDialogElement} */ (dialog).close();
  dialog.removeAttribute("open");
  dialog.dispatchEvent(new Event("close"));
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const opener = /** @type {HTMLElement | null} */ (target.closest("[data-opens]"));
  if (opener) closeMenus();
  const dialog = opener && document.getElementById(opener.dataset.opens || "");
  if (opener && dialog) {
    event.preventDefault();
    openDialog(dialog, opener);
  }
  const closer = target.closest("[data-closes]");
  const open = closer?.closest("dialog");
  if (open) {
    event.preventDefault();
    closeDialog(open);
  }
  if (target.closest("[data-print]")) window.print();
  const back = target.closest("a[data-back]");
  if (back && history.length > 1) {
    event.preventDefault();
    history.back();
  }
});

/* ---- a form is sent once; the ring shows after 400 ms and the button keeps its width ---- */

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.dataset.sent) return event.preventDefault();
  const button = /** @type {any} */ (event).submitter;
  if (form.method !== "post") return;
  form.dataset.sent = "1";
  if (button instanceof HTMLElement && button.classList.contains("btn")) {
    setTimeout(() => {
      if (form.dataset.sent) button.setAttribute("aria-busy", "true");
    }, 400);
  }
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete (/** @type {HTMLElement} */ (form).dataset.sent);
  for (const button of document.querySelectorAll(".btn[aria-busy]")) button.removeAttribute("aria-busy");
});

/* ---- what an account has on this device leaves with it ---- */

if (hasAny()) look(root.dataset.account).catch(() => {});
document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!("leaves" in form.dataset) || !hasAny()) return;
  event.preventDefault();
  await forget().catch(() => {});
  form.submit();
});

/* ---- toasts, the line, the badge ---- */

/** @param {HTMLElement} toast */
function expire(toast) {
  let timer = setTimeout(() => toast.remove(), 6000);
  const hold = () => clearTimeout(timer);
  const release = () => (timer = setTimeout(() => toast.remove(), 6000));
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, hold);
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, release);
}
for (const toast of document.querySelectorAll("[data-toast]")) expire(/** @type {HTMLElement} */ (toast));

document.addEventListener("toast", (event) => {
  const { text, undo } = /** @type {CustomEvent} */ (event).detail;
  let region = document.querySelector("[data-toasts]");
  if (!region) {
    region = document.createElement("div");
    region.className = "toasts";
    region.setAttribute("role", "status");
    region.setAttribute("data-toasts", "");
    document.body.append(region);
  }
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.textContent = say.undo;
    button.onclick = () => {
      toast.remove();
      undo();
    };
    toast.append(button);
  }
  region.textContent = "";
  region.append(toast);
  expire(toast);
});

/** @param {number} level @param {string} [rate] */
function showLine(level, rate) {
  for (const place of document.querySelectorAll("[data-line]")) {
    const text = level < 0 ? say.offline : say.line[level];
    place.className = `lq dsk lq--${level < 2 ? 1 : level < 3 ? 2 : 3}`;
    const bars = [0, 1, 2, 3].map((n) => `<rect class="${n < level ? "f" : ""}" x="${n * 6}" y="${12 - 4 * n}" width="4" height="${4 + 4 * n}"/>`);
    place.innerHTML = `<svg viewBox="0 0 22 16" aria-hidden="true">${bars.join("")}</svg>`;
    place.append(rate ? `${text}, ${rate}` : text);
  }
}
document.addEventListener("line", (event) => {
  const { level, rate } = /** @type {CustomEvent} */ (event).detail;
  showLine(level, rate);
});
window.addEventListener("offline", () => showLine(-1));
window.addEventListener("online", guessLine);

/** Before a room has measured anything: what the browser believes of the link. */
function guessLine() {
  const rate = /** @type {any} */ (navigator).connection?.downlink;
  if (!navigator.onLine) return showLine(-1);
  if (typeof rate === "number") showLine(rate >= 1.5 ? 4 : rate >= 0.8 ? 3 : rate >= 0.2 ? 2 : 1);
}
guessLine();

document.addEventListener("inbox", (event) => {
  const { count } = /** @type {CustomEvent} */ (event).detail;
  for (const badge of document.querySelectorAll("[data-inbox-count]")) {
    badge.textContent = String(count);
    /** @type {HTMLElement} */ (badge).hidden = !count;
    badge.closest("a")?.setAttribute("aria-label", fill(say.unread, count));
  }
});
