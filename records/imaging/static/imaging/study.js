/** The page of one study: fetch the manifest, start the viewer. */

const QUALITY = 70; // of the first preview, which comes along

const root = document.querySelector("[data-viewer]");
const words = JSON.parse(document.getElementById("viewer-words").textContent);

async function start() {
  const answer = await fetch(`${root.dataset.viewer}?first=${QUALITY}`, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const manifest = await answer.json();
  const letterKeys = !("noLetters" in document.documentElement.dataset);
  const options = { manifest, words, letterKeys };
  root.viewer = manifest.series.length
    ? new (await import("./viewer.js")).Viewer(root, options)
    : new (await import("./ecg.js")).Ecg(root, options);
}

start().catch(() => {
  const again = document.createElement("button");
  again.className = "btn";
  again.textContent = words.failed;
  again.addEventListener("click", () => window.location.reload());
  root.replaceChildren(again);
});
