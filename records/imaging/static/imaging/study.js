/** The page of one study: fetch the manifest, start the viewer. */

import { Viewer } from "./viewer.js";

const root = document.querySelector("[data-viewer]");
const words = JSON.parse(document.getElementById("viewer-words").textContent);

async function start() {
  const answer = await fetch(root.dataset.viewer, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const manifest = await answer.json();
  const letterKeys = !("noLetters" in document.documentElement.dataset);
  root.viewer = new Viewer(root, { manifest, words, letterKeys });
}

start().catch(() => {
  const again = document.createElement("button");
  again.className = "btn";
  again.textContent = words.failed;
  again.addEventListener("click", () => window.location.reload());
  root.replaceChildren(again);
});
