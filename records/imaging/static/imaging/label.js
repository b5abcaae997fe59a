/** A line to write beside an arrow: Enter keeps it, Escape leaves the arrow without words. */

const LONGEST = 60;

/**
 * @param {HTMLElement} port @param {[number, number]} at in the port's own pixels
 * @param {string} text @param {string} name what is asked @param {(text: string) => void} keep
 */
export function askLabel(port, [x, y], text, name, keep) {
  port.querySelector(".lbl")?.remove();
  const field = document.createElement("input");
  Object.assign(field, { className: "in lbl", type: "text", maxLength: LONGEST, value: text });
  field.placeholder = name;
  field.setAttribute("aria-label", name);
  const inside = (value, scrolled, size) => scrolled + Math.max(4, Math.min(value - scrolled, size));
  field.style.left = `${inside(x, port.scrollLeft, port.clientWidth - 190)}px`;
  field.style.top = `${inside(y + 8, port.scrollTop, port.clientHeight - 52)}px`;
  let done = false;
  const end = (kept) => {
    if (done) return;
    done = true;
    const focused = document.activeElement === field;
    field.remove();
    if (focused) port.focus({ preventScroll: true });
    keep(kept);
  };
  field.addEventListener("pointerdown", (event) => event.stopPropagation());
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") end(field.value.trim());
    else if (event.key === "Escape") end("");
  });
  field.addEventListener("blur", () => end(field.value.trim()));
  port.append(field);
  field.focus({ preventScroll: true });
}
