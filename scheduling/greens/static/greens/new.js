// The opening of a green channel: find the patient by a few letters; one button opens it.
import { findsPatients } from "../web/finder.js";

const { field, search } = findsPatients(document.querySelector("[data-green-new]"));
// Enter in the search looks; it opens nothing.
field?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  search();
});
