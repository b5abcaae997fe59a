/**
 * Photographs and PDFs that go along with an emergency: they are put into the record of whoever is
 * chosen, and the request names them. Sending waits for what is under way, and not if pressed again.
 */

import { attaching } from "../imaging/attach.js";

const UNKNOWN = "unknown"; // who has no record yet

if (attaching) {
  const form = attaching.root.closest("form");
  const chosen = () => form.querySelector("[name=patient]:checked")?.value || "";
  const kept = []; // {id, patient}
  const before = form.elements.attached.value.split(" ").filter(Boolean); // of a form that came back
  const person = chosen();
  attaching.whose = () => (chosen() === UNKNOWN ? "" : chosen());
  attaching.nobody = () => attaching.words[chosen() === UNKNOWN ? "unknown" : "person"];
  attaching.root.addEventListener("attached", ({ detail }) => kept.push(detail));

  let state = ""; // then "waits" for what is under way, then "goes"
  document.addEventListener("kept-tried", () => (state = ""));
  form.addEventListener(
    "submit",
    async (event) => {
      const theirs = kept.filter(({ patient }) => patient === chosen()).map(({ id }) => id);
      form.elements.attached.value = [...new Set([...(chosen() === person ? before : []), ...theirs])].join(" ");
      if (!attaching.running || state) {
        state = "goes";
        attaching.stop();
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      state = "waits";
      attaching.tell(attaching.words.pressAgain);
      await attaching.idle();
      if (state === "waits") form.requestSubmit();
    },
    true,
  );
}
