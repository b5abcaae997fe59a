// A joint consult as it is set up: another specialty, doctor or length brings other common times.

const form = document.querySelector("[data-mdt]");
const plan = form.querySelector("[data-plan]");
let turn = 0;

for (const button of form.querySelectorAll("[data-look-button]")) button.hidden = true;

/** The same plan again, with what is chosen now; who types or tabs stays where they are. */
async function look() {
  const mine = ++turn;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (name !== "csrfmiddlewaretoken" && name !== "agenda") query.append(name, String(value));
  }
  const answer = await fetch(`${form.dataset.mdt}&${query}`).catch(() => null);
  if (!answer || !answer.ok || answer.redirected || mine !== turn) return;
  const text = await answer.text();
  if (mine !== turn) return;
  const active = document.activeElement;
  const name = plan.contains(active) ? active.getAttribute("name") : null;
  const value = active.getAttribute("value");
  plan.innerHTML = text;
  for (const button of plan.querySelectorAll("[data-look-button]")) button.hidden = true;
  if (!name) return;
  const same = [...plan.querySelectorAll(`[name="${name}"]`)];
  (same.find((one) => one.getAttribute("value") === value) ?? same[0])?.focus();
}

form.addEventListener("change", (event) => {
  if (event.target.matches("[data-look]")) look();
});
