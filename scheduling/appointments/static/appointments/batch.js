// Booking for several people: who is found under the finder, while one types.
const FEWEST = 2; // letters
const QUIET = 200; // ms

const form = document.querySelector("[data-batch]");
const field = form?.querySelector("[name=q]");
const found = form?.querySelector("[data-found]");
const count = form?.querySelector("[data-found-count]");
let timer = 0;
let asked = 0;

/** The same page answers with its list alone; the buttons in it are the form's own. */
async function search() {
  if (field.value.trim().length < FEWEST) return;
  const turn = ++asked;
  const query = new URLSearchParams(new FormData(form));
  query.set("part", "found");
  const answer = await fetch(`?${query}`).catch(() => null);
  if (!answer?.ok || turn !== asked) return;
  const page = document.createElement("template");
  page.innerHTML = await answer.text();
  count.textContent = page.content.querySelector("[data-words]")?.dataset.words ?? "";
  found.replaceChildren(page.content);
}

field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = window.setTimeout(search, QUIET);
});

if (field && !found.childElementCount) search(); // typed before this was here, or by Back

// Whoever just added somebody types the next name over the last one.
if (field && document.activeElement === field) field.select();
