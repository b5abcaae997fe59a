/** Showing somebody the door: a host says why, and the log keeps it. */
const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("remove-person"));

/** @param {{tiles: Element, name: (user: string) => string, post: (door: string, fields: Record<string, string>) => Promise<string>}} room post: "" or what was refused */
export function removal({ tiles, name, post }) {
  const form = dialog?.querySelector("form");
  const wrong = /** @type {HTMLElement | null | undefined} */ (form?.querySelector("[data-wrong]"));
  const who = form?.querySelector("[data-who]");
  if (!dialog || !form || !wrong || !who) return;
  let user = "";
  tiles.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button[data-remove]");
    if (!(button instanceof HTMLElement)) return;
    user = button.dataset.remove || "";
    who.textContent = name(user);
    wrong.hidden = true;
    form.reset();
    dialog.showModal();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = await post("remove", { user_id: user, reason: String(new FormData(form).get("reason") || "") });
    wrong.hidden = !said;
    wrong.textContent = said;
    if (!said) dialog.close();
  });
}
