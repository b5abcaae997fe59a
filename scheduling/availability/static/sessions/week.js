/**
 * The week moved by hand: a session is dragged to another day or hour, its end made longer or
 * shorter, with the mouse, the finger or the arrow keys. Where it cannot be is red and says why.
 * What is put down is the form of the page /move/, sent; without script that page does it all.
 */
import { fill } from "../web/clock.js";

const STEP = 15; // minutes
const HOUR = 28; // px
const OPENS = 7; // o'clock, and later where a session begins earlier or ends later
const SHUTS = 20;
const FAR = 6; // px that make a drag of a press
const EDGE = 9; // px of the lower edge that draw the end
const DAY = 24 * 60;

const board = /** @type {HTMLElement | null} */ (document.querySelector("[data-mv]"));
const week = /** @type {HTMLElement | null} */ (document.querySelector("[data-week]"));

/** @typedef {{day: number, start: number, end: number}} Place day: the column; start, end: minutes */
/** @typedef {{day: string, closed: string, busy: {start: number, end: number, why: string}[]}} Landing */

/** @param {ParentNode} root @param {string} selector */
const part = (root, selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
/** @param {string} text "08:30" */
const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
/** @param {number} of */
const clock = (of) => `${String(Math.floor(of / 60)).padStart(2, "0")}:${String(of % 60).padStart(2, "0")}`;
/** @param {number} value @param {number} least @param {number} most */
const within = (value, least, most) => Math.min(Math.max(value, least), most);

if (board && week) {
  const form = /** @type {HTMLFormElement} */ (board.querySelector("form"));
  const grid = part(board, "[data-mv-grid]");
  const block = part(board, "[data-mv-block]");
  const said = part(board, "[data-mv-said]");
  const put = /** @type {HTMLButtonElement} */ (board.querySelector("[data-mv-put]"));
  const lanes = /** @type {HTMLElement[]} */ ([...board.querySelectorAll("[data-lane]")]);
  const say = board.dataset;
  /** @type {{box: HTMLElement, was: Place, at: Place, shortest: number, landings: Landing[]} | null} */
  let hand = null;
  /** @type {{x: number, y: number, from: Place, end: boolean} | null} */
  let drag = null;
  /** @type {{box: HTMLElement, x: number, y: number, end: boolean, touch: boolean} | null} */
  let press = null;
  let dragged = false;
  let from = OPENS * 60;
  let until = SHUTS * 60;

  /* ---- the board ---- */

  /** @param {HTMLElement} box @param {number} [y] where the pointer is */
  const open = (box, y) => {
    const facts = box.dataset;
    const day = lanes.findIndex((lane) => lane.dataset.lane === facts.day);
    const was = { day, start: minutes(facts.starts || ""), end: minutes(facts.ends || "") };
    hand = { box, was, at: { ...was }, shortest: Number(facts.minutes), landings: [] };
    from = Math.min(OPENS * 60, Math.floor(was.start / 60) * 60);
    until = Math.max(SHUTS * 60, Math.ceil(was.end / 60) * 60);
    part(board, "[data-mv-who]").textContent = facts.who || "";
    const way = `/sessions/${facts.session}/`;
    form.action = `${way}move/`;
    part(board, "[data-mv-form]").setAttribute("href", form.action);
    for (const [name, value] of Object.entries({ day: facts.day, starts: facts.starts, ends: facts.ends }))
      field(`seen_${name}`).value = value || "";
    for (const old of board.querySelectorAll(".mv__x")) old.remove();
    hours();
    board.hidden = false;
    stand(y);
    document.querySelector(".bx-w.is-up")?.classList.remove("is-up");
    box.classList.add("is-up");
    show();
    look(way);
  };

  /** Over the table on a desk, so that its columns are the days; at the foot of a phone. @param {number} [y] */
  const stand = (y) => {
    const table = /** @type {HTMLElement} */ (week.querySelector("table")).getBoundingClientRect();
    const wide = innerWidth > 767;
    board.style.left = wide ? `${Math.max(table.left, 0)}px` : "0";
    const inset = parseFloat(getComputedStyle(board).paddingRight) + 2; // its lanes end where the table does
    board.style.width = wide ? `${Math.min(table.width + inset, innerWidth - Math.max(table.left, 0))}px` : "100%";
    const first = week.querySelector("thead th")?.getBoundingClientRect();
    const axis = first && wide ? first.left - table.left - grid.getBoundingClientRect().left + board.getBoundingClientRect().left : 0;
    if (axis > HOUR) board.style.setProperty("--axis", `${axis}px`);
    else board.style.removeProperty("--axis");
    grid.style.height = `${((until - from) / 60) * HOUR}px`;
    const height = board.offsetHeight;
    const inner = grid.getBoundingClientRect().top - board.getBoundingClientRect().top;
    const under = hand ? inner + (((hand.at.start + hand.at.end) / 2 - from) / 60) * HOUR : 0;
    const anchor = y ?? part(/** @type {any} */ (hand).box, ".bx-s").getBoundingClientRect().top + 20;
    const top = within(anchor - under, 8, Math.max(innerHeight - height - 8, 8));
    board.style.top = wide ? `${top}px` : "auto";
  };

  const hours = () => {
    const rule = part(board, "[data-mv-hours]");
    rule.replaceChildren();
    for (let at = from; at < until; at += 60) {
      const hour = document.createElement("span");
      hour.textContent = String(at / 60);
      hour.style.top = `${((at - from) / 60) * HOUR}px`;
      rule.append(hour);
    }
  };

  /** @param {string} way */
  const look = async (way) => {
    const asked = hand;
    try {
      const answer = await fetch(`${way}where/?monday=${week.dataset.week}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { days } = await answer.json();
      if (hand !== asked || !hand) return;
      hand.landings = days;
      for (const [n, landing] of days.entries()) paint(lanes[n], landing);
      show();
    } catch {
      if (hand === asked && hand) said.textContent = say.lost || "";
    }
  };

  /** @param {HTMLElement} lane @param {Landing} landing */
  const paint = (lane, landing) => {
    const shut = landing.closed ? [{ start: 0, end: DAY, why: landing.closed, soft: true }] : [];
    for (const one of [...shut, ...landing.busy.map((busy) => ({ ...busy, soft: false }))]) {
      const begin = within(one.start, from, until);
      const end = within(one.end, from, until);
      if (end <= begin) continue;
      const area = document.createElement("div");
      area.className = one.soft ? "mv__x mv__x--soft" : "mv__x";
      area.title = one.why;
      area.append(Object.assign(document.createElement("span"), { textContent: one.why }));
      area.style.top = `${((begin - from) / 60) * HOUR}px`;
      area.style.height = `${((end - begin) / 60) * HOUR}px`;
      lane.append(area);
    }
  };

  /** Whether it can be there: why not, or what has to be said first. @param {Place} at */
  const verdict = (at) => {
    if (!hand) return { no: "", closed: "" };
    if (at.end - at.start < hand.shortest) return { no: say.short || "", closed: "" };
    const landing = hand.landings[at.day];
    const met = landing?.busy.find((one) => one.start < at.end && at.start < one.end);
    return { no: met?.why || "", closed: landing?.closed || "" };
  };

  /** @param {Place} one @param {Place} other */
  const same = (one, other) => one.day === other.day && one.start === other.start && one.end === other.end;

  /** @param {Place} at */
  const words = (at) => `${lanes[at.day].dataset.name} ${clock(at.start)}–${clock(at.end)}`;

  const show = () => {
    if (!hand) return;
    const { at } = hand;
    const { no, closed } = verdict(at);
    const still = same(at, hand.was);
    const lane = lanes[at.day];
    block.style.left = `${lane.offsetLeft}px`;
    block.style.width = `${lane.offsetWidth}px`;
    block.style.top = `${((at.start - from) / 60) * HOUR}px`;
    block.style.height = `${((at.end - at.start) / 60) * HOUR}px`;
    part(block, "b").textContent = `${clock(at.start)}–${clock(at.end)}`;
    block.classList.toggle("is-no", !!no);
    block.classList.toggle("is-soft", !no && !!closed && !still);
    said.classList.toggle("is-no", !!no || (!!closed && !still));
    const line = still
      ? fill(say.same || "", words(at))
      : no
        ? `${words(at)} · ${fill(say.no || "", no)}`
        : closed
          ? `${words(at)} · ${fill(say.closed || "", closed)}`
          : fill(say.free || "", words(at));
    if (said.textContent !== line) said.textContent = line;
    put.disabled = !!no || still;
    part(put, "span").textContent = (!no && closed && !still ? say.hold : say.put) || "";
  };

  const leave = () => {
    if (!hand) return;
    const box = hand.box;
    box.classList.remove("is-up");
    hand = drag = null;
    board.hidden = true;
    /** @type {HTMLElement | null} */ (box.querySelector(".bx-mv"))?.focus();
  };

  /** @param {string} name */
  const field = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

  form.addEventListener("submit", (event) => {
    if (!hand || same(hand.at, hand.was) || verdict(hand.at).no) return event.preventDefault();
    field("day").value = lanes[hand.at.day].dataset.lane || "";
    field("starts").value = clock(hand.at.start);
    field("ends").value = clock(hand.at.end);
    field("though_closed").disabled = !verdict(hand.at).closed;
  });
  part(board, "[data-mv-leave]").addEventListener("click", leave);

  /* ---- arrow keys ---- */

  grid.addEventListener("keydown", (event) => {
    if (!hand) return;
    const { at } = hand;
    const step = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Enter") form.requestSubmit();
    else if (side) to({ ...at, day: at.day + side });
    else if (step && event.shiftKey) to({ ...at, end: at.end + step });
    else if (step) to({ ...at, start: at.start + step, end: at.end + step });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && hand) leave();
  });

  /** @param {Place} wanted */
  const to = (wanted) => {
    if (!hand) return;
    const long = wanted.end - wanted.start;
    const slid = wanted.start !== hand.at.start;
    const start = within(wanted.start, from, Math.max(until - long, from));
    const end = slid ? start + long : within(wanted.end, start + Math.min(hand.shortest, STEP), until);
    hand.at = { day: within(wanted.day, 0, lanes.length - 1), start, end };
    show();
  };

  /* ---- mouse and finger ---- */

  /** @param {PointerEvent} event */
  const follow = (event) => {
    if (!hand || !drag) return;
    const across = Math.round((event.clientX - drag.x) / lanes[0].offsetWidth);
    const down = Math.round((((event.clientY - drag.y) / HOUR) * 60) / STEP) * STEP;
    const { day, start, end } = drag.from;
    const top = within(start + down, from, Math.max(until - (end - start), from));
    if (drag.end) to({ day, start, end: end + down });
    else to({ day: day + across, start: top, end: top + end - start });
  };

  /** Why it stays, in words, with the way on. @param {HTMLElement} box */
  const refuse = (box) => {
    const banner = /** @type {HTMLElement} */ (document.querySelector("[data-stays]:not(.bx-w)"));
    part(banner, "b").textContent = `${box.dataset.who}${"\u2002"}${box.dataset.stays}`;
    part(banner, "a").setAttribute("href", part(box, ".bx-s").getAttribute("href") || "");
    banner.hidden = false;
    box.querySelector(".bx-s")?.classList.add("is-no");
    banner.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("pointerdown", (event) => {
    const target = /** @type {Element} */ (event.target);
    dragged = false;
    if (event.button || !event.isPrimary) return;
    if (hand && block.contains(target)) {
      drag = { x: event.clientX, y: event.clientY, from: { ...hand.at }, end: !!target.closest("[data-mv-end]") };
      grid.focus();
      return event.preventDefault();
    }
    const box = /** @type {HTMLElement | null} */ (target.closest(".bx-w--mv"));
    const touch = event.pointerType !== "mouse";
    if (!box || (touch && !target.closest(".bx-mv"))) return;
    if (touch) target.releasePointerCapture?.(event.pointerId);
    const low = !touch && part(box, ".bx-s").getBoundingClientRect().bottom - event.clientY < EDGE;
    press = { box, x: event.clientX, y: event.clientY, end: low && !target.closest(".bx-mv"), touch };
  });

  document.addEventListener("pointermove", (event) => {
    if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > FAR) {
      const { box, x, y, end } = press;
      press = null;
      dragged = true;
      if (box.dataset.stays) return refuse(box);
      open(box, y);
      drag = { x, y, from: { .../** @type {any} */ (hand).at }, end };
    }
    if (drag) follow(event);
  });

  const drop = () => {
    press = null;
    if (!hand || !drag) return;
    const moved = !same(hand.at, drag.from);
    drag = null;
    if (!moved && !dragged) return;
    const { no, closed } = verdict(hand.at);
    if (same(hand.at, hand.was)) return dragged ? leave() : undefined;
    if (!no && !closed) form.requestSubmit();
    else grid.focus();
  };
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", () => {
    press = null;
    if (drag && dragged) leave();
    drag = null;
  });

  document.addEventListener(
    "click",
    (event) => {
      const target = /** @type {Element} */ (event.target);
      const box = /** @type {HTMLElement | null} */ (target.closest(".bx-w--mv"));
      if (!box) return;
      if (dragged) {
        dragged = false;
        return event.preventDefault();
      }
      if (!target.closest(".bx-mv") || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (box.dataset.stays) return; // its page says why, and what can be done
      event.preventDefault();
      open(box);
      grid.focus();
    },
    true,
  );
  addEventListener("resize", () => hand && (stand(), show()));
  addEventListener("pageshow", leave);
}
