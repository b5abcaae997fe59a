/** What the room's page brought along, its words, and its parts by their names. */
export const data = JSON.parse(document.getElementById("room-data")?.textContent || "{}");
export const words = JSON.parse(document.getElementById("room-words")?.textContent || "{}");

/** @param {string} name @returns {any} */
export const part = (name) => document.querySelector(`[data-room="${name}"]`);
/** @param {string} text @param {Record<string, any>} facts @returns {string} */
export const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, key) => facts[key] ?? "");
