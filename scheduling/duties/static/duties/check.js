// What the server would refuse, said on the device: by its limits and in its words (limits.py).

const WHOLE = /^\s*[+-]?\d+(\.0*)?\s*$/;
const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/;

/** @param {string} text @param {number[]} range */
function isWhole(text, [low, high]) {
  return WHOLE.test(text) && Number(text) >= low && Number(text) <= high;
}

/** @param {string} text @param {number[]} range @param {number} [places] after the point */
function isDecimal(text, [low, high], places = 1) {
  return DECIMAL.test(text) && (text.trim().split(".")[1] ?? "").length <= places && Number(text) >= low && Number(text) <= high;
}

/** @param {string} text @param {any} item */
const isOf = (text, item) => (item.range ? isDecimal(text, item.range, item.places) : text in item.labels);

/** What a part still lacks, as [field, sentence]. @param {(name: string) => string} text @param {any} part @param {any} limits */
function lack(text, part, { why, unknown }) {
  const because = part.not && text(part.not);
  if (because) return why.includes(because) ? null : [part.not, unknown];
  const empty = (part.sugar ? ["glucose"] : part.fields).find((name) => !text(name));
  return empty ? [empty, part.lacks[empty]] : null;
}

/**
 * The first thing that is wrong, as [field, sentence].
 * @param {Record<string, string>} fields @param {{asks: string[], parts?: string[], face: boolean}} rule @param {any} limits
 */
export function problem(fields, rule, limits) {
  const { pressure, glucose, least, say, items, parts } = limits;
  const text = (name) => (fields[name] ?? "").trim();
  for (const name of ["systolic", "diastolic"])
    if (text(name) && !isWhole(text(name), pressure)) return [name, say.pressure];
  if (text("glucose") && !isDecimal(text("glucose"), glucose)) return ["glucose", say.glucose];
  for (const [name, item] of Object.entries(items))
    if (text(name) && !isOf(text(name), item)) return [name, item.say];
  if (!["face_to_face", "remote"].includes(text("mode"))) return ["mode", say.mode];
  if (rule.face && text("mode") === "remote") return ["mode", say.face];
  const both = text("systolic") && text("diastolic");
  if (!both && (rule.asks.includes("pressure") || text("systolic") || text("diastolic"))) return ["systolic", say.both];
  if (both && Number(text("diastolic")) >= Number(text("systolic"))) return ["systolic", say.higher];
  if (rule.asks.includes("glucose") && !text("glucose")) return ["glucose", say.sugar];
  const asked = (rule.parts ?? []).map((key) => parts[key]).filter(Boolean);
  for (const part of asked) {
    const wrong = lack(text, part, limits);
    if (wrong) return wrong;
  }
  if (!rule.asks.length && !asked.length && text("note").length < least.note) return ["note", say.note];
  return null;
}

/** @param {Record<string, string>} fields @param {string} name */
const number = (fields, name) => Number((fields[name] ?? "").trim() || NaN);

/**
 * What is not controlled for the second visit running, as sentences; `before`: at the last one.
 * @param {Record<string, string>} fields @param {{before?: string[]}} rule @param {any} limits
 * @returns {string[]}
 */
export function again(fields, { before = [] }, { control, again: said }) {
  const value = (name) => number(fields, name);
  const high = {
    pressure: value("systolic") >= control.systolic || value("diastolic") >= control.diastolic,
    glucose: value("glucose") >= control.sugar,
  };
  return before.filter((kind) => high[kind]).map((kind) => said[kind]);
}

/** What was entered in the parts, in words. @param {Record<string, string>} fields @param {any} limits */
export function words(fields, { items }) {
  const said = Object.entries(items).filter(([name]) => (fields[name] ?? "").trim());
  return said
    .map(([name, item]) => `${item.name} ${item.labels[fields[name].trim()] ?? `${fields[name].trim()} ${item.unit}`}`)
    .join(" · ");
}

/** @param {Record<string, string>} fields @param {any} limits */
function alarms(fields, { items }) {
  return Object.entries(items).some(([name, { warns: [to, from], alarms: bad }]) => {
    const value = number(fields, name);
    return bad.includes((fields[name] ?? "").trim()) || (to !== null && value <= to) || (from !== null && value >= from);
  });
}

/**
 * Whether the patient has to be referred first.
 * @param {Record<string, string>} fields @param {{before?: string[]}} rule @param {any} limits
 */
export function warns(fields, rule, limits) {
  const edge = limits.warns;
  const value = (name) => number(fields, name);
  const sugar = value("glucose");
  return (
    again(fields, rule, limits).length > 0 ||
    alarms(fields, limits) ||
    value("systolic") >= edge.systolic ||
    value("diastolic") >= edge.diastolic ||
    sugar >= edge.high ||
    sugar <= edge.low ||
    Boolean(fields.signs)
  );
}
