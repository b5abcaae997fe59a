// The reason of a receipt: asked for, and needed, once the advice is not wholly adopted.

document.addEventListener("change", (event) => {
  const choice = /** @type {HTMLInputElement} */ (event.target);
  for (const part of choice.form?.querySelectorAll(`[data-when="${choice.name}"]`) ?? []) {
    const needed = choice.value !== part.dataset.unless;
    part.hidden = !needed;
    part.querySelector("input").required = needed;
  }
});
