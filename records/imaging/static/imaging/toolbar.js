/** The viewer's markup: toolbar, picture with its corners, series below. */

/** Tools by name: icon, word, key. The same order wherever the viewer is. */
const TOOLS = [
  ["scroll", "layers", "scroll", ""],
  ["window", "contrast", "window", ""],
  ["zoom", "zoom", "zoom", ""],
  ["pan", "move", "pan", ""],
  null,
  ["point", "hand", "point", "P"],
  ["length", "ruler", "length", "L"],
  ["region", "roi", "regionHU", "O"],
  ["arrow", "right", "arrow", "A"],
  null,
];
const ACTS = [
  ["invert", "invert", "invert", "I"],
  ["undo", "undo", "undo", "Z"],
  ["reset", "refresh", "reset", "0"],
];

/** @param {string} name @param {object} attributes @param {...(Node | string)} children */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const [svg, use] = [document.createElementNS(space, "svg"), document.createElementNS(space, "use")];
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${document.documentElement.dataset.sprite || ""}#i-${name}`);
  svg.append(use);
  return svg;
}

export function button([name, picture, word, key], words, act) {
  const made = element("button", { type: "button", "data-do": name }, icon(picture), words[word]);
  if (key) made.title = `${words[word]} (${key})`;
  if (key) made.setAttribute("aria-keyshortcuts", key);
  made.addEventListener("click", () => act(name));
  return made;
}

/** Build everything inside `root`; returns the parts that change. */
export function build(root, given, { modality, tool, act }) {
  // Only CT has values with a name of their own.
  const words = modality === "CT" ? given : { ...given, regionHU: given.region };
  const tools = element("div", { class: "tools", role: "toolbar", "aria-label": words.tools });
  for (const entry of TOOLS) tools.append(entry ? button(entry, words, tool) : element("hr"));
  const presets = element("div", { class: "seg", role: "group", "aria-label": words.window });
  const rule = element("hr");
  tools.append(presets, rule, ...ACTS.map((entry) => button(entry, words, act)));
  const picture = element("canvas", { "aria-hidden": "true" });
  const ink = element("canvas", { "aria-hidden": "true" });
  const corner = (place) => element("p", { class: `o o--${place}` });
  const corners = Object.fromEntries(
    ["tl", "tr", "bl", "br", "L", "R", "T", "B"].map((place) => [place, corner(place)]),
  );
  const told = element("span", { class: "full", role: "status" });
  const port = element(
    "div",
    { class: "vp", tabindex: "0", role: "group" },
    picture,
    ink,
    ...Object.values(corners),
    told,
  );
  const thumbs = element("div", { class: "thumbs", role: "group", "aria-label": words.series });
  root.classList.add("viewer");
  root.replaceChildren(tools, port, thumbs);
  return { tools, presets, rule, port, picture, ink, corners, told, thumbs };
}

/** One button a window, with its key. */
export function showPresets(parts, series, words, choose) {
  const buttons = series.presets.map((preset, place) => {
    const text = [words[preset.word], " ", element("kbd", {}, `${place + 1}`)];
    const made = element("button", { type: "button", "aria-pressed": "false" }, ...text);
    made.addEventListener("click", () => choose(place));
    return made;
  });
  parts.presets.replaceChildren(...buttons);
  parts.presets.hidden = parts.rule.hidden = !buttons.length;
}

/** Nothing is measured on the photograph of a paper ECG, and colour has no window. */
export function showMeasuring(parts, { attachment }) {
  const hide = (name, on) => (parts.tools.querySelector(`[data-do="${name}"]`).hidden = on);
  for (const name of ["length", "region"]) hide(name, attachment === "paper_ecg");
  hide("window", Boolean(attachment));
}

/** The series as small pictures; nothing when there is only one. */
export function showSeries(parts, all, address, choose) {
  const buttons = all.map((series) => {
    const name = series.description || [series.modality, series.number].filter(Boolean).join(" ");
    const words = element("span", { class: "cut" }, `${name} ${series.slices.length}`);
    const made = element("button", { type: "button", "data-series": series.uid, title: name });
    const slice = series.slices[series.slices.length >> 1];
    if (!slice.whyNot) {
      made.append(element("img", { src: address(slice), alt: "", loading: "lazy", width: 104, height: 64 }));
    }
    made.append(words);
    made.addEventListener("click", () => choose(series.uid));
    return made;
  });
  parts.thumbs.replaceChildren(...buttons);
  parts.thumbs.hidden = all.length < 2;
}
