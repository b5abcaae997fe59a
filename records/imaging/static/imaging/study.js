/** The page of one study: fetch the manifest, start the viewer, and say when more has come. */

import { More } from "./more.js";
import { News } from "./news.js";

const QUALITY = 70; // of the first preview, which comes along

const root = document.querySelector("[data-viewer]");
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("viewer-words");
const letterKeys = !("noLetters" in document.documentElement.dataset);
const more = new More(words, () => takeIn().catch(() => {}));

async function manifestOf(address) {
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function show(manifest) {
  const options = { manifest, words, letterKeys };
  root.viewer = manifest.series.length
    ? new (await import("./viewer.js")).Viewer(root, options)
    : new (await import("./ecg.js")).Ecg(root, options);
}

async function start() {
  await show(await manifestOf(`${root.dataset.viewer}?first=${QUALITY}`));
  const { study } = root.viewer.manifest;
  root.before(more.root);
  new News(read("viewer-news"), (studies) => {
    const now = studies.find((one) => one.id === study.id);
    if (now) more.show(now.pictures - root.viewer.manifest.pictures);
  });
}

/** What has come since is shown; the picture that one looks at stays, and so does what was drawn. */
async function takeIn() {
  const before = root.viewer;
  const manifest = await manifestOf(root.dataset.viewer);
  const state = { ...before.state, picture: before.pictureName };
  before.close();
  await show(manifest);
  root.viewer.show(root.viewer.placed(state));
  for (const { mark, ...facts } of before.marks.values()) root.viewer.addMark(mark, facts);
  more.show(0);
  root.viewer.parts.port.focus({ preventScroll: true });
}

start().catch(() => {
  const again = document.createElement("button");
  again.className = "btn";
  again.textContent = words.failed;
  again.addEventListener("click", () => window.location.reload());
  root.replaceChildren(again);
});
