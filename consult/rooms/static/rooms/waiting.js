// A guest waits: asked again every few seconds, so that a lost line costs no place in the queue.
const EVERY = 3000; // ms
const page = document.querySelector("[data-waiting]");

async function ask() {
  const answer = await fetch(page.dataset.waiting, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.status === 404) return location.reload(); // the place is gone: the page says so
  if (!answer || !answer.ok || answer.redirected) return;
  const said = await answer.json();
  if (said.may_enter) return location.reload();
  const title = page.querySelector("[data-title]");
  if (title.textContent !== said.title) title.textContent = document.title = said.title;
  page.querySelector("[data-text]").textContent = said.text;
}

setInterval(ask, EVERY);
