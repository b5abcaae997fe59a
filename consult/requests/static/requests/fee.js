// What is explained before somebody signs: the hospital that stands chosen, and its fee, which is sent along.

/**
 * @param {HTMLFormElement} form with [name=asked] radio buttons that say what each costs
 * @returns {() => void} says it anew
 */
export function explainsFee(form) {
  const said = form.querySelector("[data-explained]:not(input)");
  const show = () => {
    const way = form.querySelector("[name=asked]:checked");
    said.textContent = way?.dataset.explained ?? said.dataset.none;
    form.elements.fee.value = way?.dataset.fee ?? "";
  };
  form.addEventListener("change", (event) => event.target.name === "asked" && show());
  form.addEventListener("routes", show);
  window.addEventListener("pageshow", show); // Back brings the choice as it was left
  return show;
}
