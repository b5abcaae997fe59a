/** The viewer of a case outside its room: the desk, with marks of one's own and key images. */

import { Desk } from "../imaging/desk.js";
import { News } from "../imaging/news.js";

const root = document.querySelector("[data-desk]");
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("viewer-words");
const letterKeys = !("noLetters" in document.documentElement.dataset);

const data = read("desk-data");

root.desk = new Desk(root, { ...data, words, letterKeys });
new News(data.news, (studies) => root.desk.hear(studies));
