/**
 * Photographs and PDFs that come while a request is written: each study gets its box, chosen, and
 * the draft is saved as if it had been pressed. Sending waits for what is still under way.
 */

import { attaching } from "../imaging/attach.js";
import { element, icon } from "../imaging/toolbar.js";

/** The box of that study, made if need be. */
function box(place, study) {
  const known = place.querySelector(`input[name=studies][value="${study.id}"]`);
  if (known) return known;
  const made = element("input", { type: "checkbox", name: "studies", value: study.id });
  const name = element("span", {}, element("b", {}, study.called));
  place.querySelector("[data-none]")?.remove();
  const sign = icon(study.document ? "file" : "image");
  const offered = element("input", { type: "hidden", name: "offered", value: study.id });
  place.querySelector("a")?.before(element("label", { class: "opt" }, offered, made, sign, name));
  return made;
}

if (attaching) {
  const form = attaching.root.closest("form");
  const place = form.querySelector(".atts");
  const button = form.querySelector("[data-send]"); // none where another sends it
  attaching.root.addEventListener("attached", ({ detail }) => {
    const chosen = box(place, detail);
    chosen.checked = true;
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  });
  button?.addEventListener(
    "click",
    async (event) => {
      if (!attaching.running) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (button.getAttribute("aria-busy")) return;
      button.setAttribute("aria-busy", "true");
      attaching.tell(attaching.words.busy);
      await attaching.idle();
      button.removeAttribute("aria-busy");
      button.click();
    },
    true,
  );
}
