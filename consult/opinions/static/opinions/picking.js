/**
 * A select that does something with what is chosen. With a mouse or from its opened list, choosing
 * is enough; on a closed one each arrow chooses, so a keyboard goes through it and takes with Enter.
 * @param {HTMLSelectElement} list
 * @param {(value: string) => void} act
 */
export function onPick(list, act) {
  let arrowed = false;
  const take = () => {
    const value = list.value;
    list.value = "";
    arrowed = false;
    if (value) act(value);
  };
  list.addEventListener("pointerdown", () => (arrowed = false));
  list.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && list.value) {
      event.preventDefault();
      take();
    } else arrowed = event.key !== "Enter";
  });
  list.addEventListener("change", () => {
    if (!arrowed) take();
  });
}
