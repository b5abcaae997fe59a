// What the server would refuse, said on the device: by its limits and in its words (limits.py).

const WHOLE = /^\s*[+-]?\d+(\.0*)?\s*$/;
const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/;

/** @param {string} text @param {number[]} range */
function isWhole(text, [low, high]) {
  return WHOLE.test(text) && Number(text) >= low && Number(text) <= high;
}

/** @param {string} text @param {number[]} range */
function isTenths(text, [low, high]) {
  return DECIMAL.test(text) && (text.trim().split(".")[1] ?? "").length <= 1 && Number(text) >= low && Number(text) <= high;
}

/**
 * The first thing that is wrong, as [field, sentence].
 * @param {Record<string, string>} fields @param {{asks: string[], face: boolean}} rule @param {any} limits
 */
export function problem(fields, rule, { pressure, glucose, least, say }) {
  const text = (name) => (fields[name] ?? "").trim();
  for (const name of ["systolic", "diastolic"])
    if (text(name) && !isWhole(text(name), pressure)) return [name, say.pressure];
  if (text("glucose") && !isTenths(text("glucose"), glucose)) return ["glucose", say.glucose];
  if (!["face_to_face", "remote"].includes(text("mode"))) return ["mode", say.mode];
  if (rule.face && text("mode") === "remote") return ["mode", say.face];
  const both = text("systolic") && text("diastolic");
  if (!both && (rule.asks.includes("pressure") || text("systolic") || text("diastolic"))) return ["systolic", say.both];
  if (both && Number(text("diastolic")) >= Number(text("systolic"))) return ["systolic", say.higher];
  if (rule.asks.includes("glucose") && !text("glucose")) return ["glucose", say.sugar];
  if (!rule.asks.length && text("note").length < least.note) return ["note", say.note];
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
    value("systolic") >= edge.systolic ||
    value("diastolic") >= edge.diastolic ||
    sugar >= edge.high ||
    sugar <= edge.low ||
    Boolean(fields.signs)
  );
}
