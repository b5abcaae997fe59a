/** Mouse, fingers, wheel and keys, turned into what the viewer can do. */

const KEYS = { p: "point", l: "length", o: "region", a: "arrow", t: "time", x: "march", u: "amplitude" };
const ACTS = { i: "invert", z: "undo", 0: "reset" };
const STEPS = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
const DRAWN = new Set(["length", "region", "arrow", "time", "march", "amplitude"]);
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const FAR = 16; // screen pixels a key moves the cursor; 1 with Shift
const WHEEL = 40; // of deltaY a slice, for touch pads that send many small turns

function isField(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]");
}

export class Input {
  /** @param {EventTarget} viewer a Viewer @param {HTMLElement} port */
  constructor(viewer, port, { letterKeys }) {
    Object.assign(this, { viewer, port, letterKeys });
    /** @type {Map<number, [number, number]>} fingers that are down */
    this.down = new Map();
    this.drag = null;
    this.turned = 0;
    this.stop = new AbortController();
    const on = (target, name, act, options = {}) => {
      target.addEventListener(name, act, options);
      this.stop.signal.addEventListener("abort", () => target.removeEventListener(name, act, options));
    };
    on(port, "pointerdown", (event) => this.press(event));
    on(port, "pointermove", (event) => this.move(event));
    on(port, "pointerup", (event) => this.release(event));
    on(port, "pointercancel", (event) => this.release(event, true));
    on(port, "pointerleave", () => viewer.hover(null));
    on(port, "contextmenu", (event) => event.preventDefault());
    on(port, "wheel", (event) => this.wheel(event), { passive: false });
    on(document, "keydown", (event) => this.key(event));
  }

  at(event) {
    const box = this.port.getBoundingClientRect();
    const { scrollLeft, scrollTop } = this.port; // an ECG may be larger than the screen
    return [event.clientX - box.left + scrollLeft, event.clientY - box.top + scrollTop];
  }

  press(event) {
    if (event.pointerType === "mouse" && event.button > 2) return;
    if (event.target.closest("button")) return; // capturing the pointer would take its click
    this.port.focus({ preventScroll: true });
    this.port.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, this.at(event));
    if (this.down.size === 2) {
      this.viewer.dropDraft();
      this.drag = { tool: "pinch", last: this.pinch() };
      return;
    }
    const tool = event.button === 2 ? "window" : event.button === 1 ? "pan" : this.viewer.tool;
    this.drag = { tool, last: this.at(event), at: [event.clientX, event.clientY], rest: 0 };
    this.viewer.remember();
    if (DRAWN.has(tool)) this.viewer.startDraft(tool, this.at(event));
    if (tool === "point") this.viewer.point(this.at(event));
  }

  move(event) {
    const here = this.at(event);
    if (event.pointerType === "mouse") this.viewer.hover(here);
    if (this.viewer.tool === "point" && !this.down.size) this.viewer.point(here);
    if (!this.drag || !this.down.has(event.pointerId)) return;
    this.down.set(event.pointerId, here);
    if (this.drag.tool === "pinch") return this.pinched();
    const [dx, dy] = [here[0] - this.drag.last[0], here[1] - this.drag.last[1]];
    this.drag.last = here;
    if (this.drag.tool === "scroll" && this.viewer.dragBy) {
      const [sx, sy] = [event.clientX - this.drag.at[0], event.clientY - this.drag.at[1]];
      this.drag.at = [event.clientX, event.clientY];
      return this.viewer.dragBy(sx, sy);
    }
    this.dragged(this.drag, dx, dy, here);
  }

  dragged(drag, dx, dy, here) {
    const { viewer } = this;
    if (DRAWN.has(drag.tool)) viewer.moveDraft(here);
    else if (drag.tool === "point") viewer.point(here);
    else if (drag.tool === "window") viewer.windowBy(dx, dy);
    else if (drag.tool === "zoom") viewer.zoomBy(Math.exp(-dy / 150));
    else if (drag.tool === "pan") viewer.panBy(dx, dy);
    else if (drag.tool === "scroll") {
      const slice = Math.max(this.port.clientHeight / viewer.count, 4); // the whole stack in one drag
      drag.rest += dy / slice;
      const steps = Math.trunc(drag.rest);
      drag.rest -= steps;
      if (steps) viewer.scrollBy(steps);
    }
  }

  release(event, broken = false) {
    if (!this.down.delete(event.pointerId)) return;
    if (this.drag && DRAWN.has(this.drag.tool)) {
      if (broken) this.viewer.dropDraft();
      else this.viewer.endDraft(this.at(event));
    }
    this.drag = null;
  }

  pinch() {
    const [[ax, ay], [bx, by]] = [...this.down.values()];
    return { far: Math.hypot(bx - ax, by - ay) || 1, middle: [(ax + bx) / 2, (ay + by) / 2] };
  }

  pinched() {
    const [now, last] = [this.pinch(), this.drag.last];
    this.drag.last = now;
    this.viewer.panBy(now.middle[0] - last.middle[0], now.middle[1] - last.middle[1]);
    this.viewer.zoomBy(now.far / last.far, now.middle);
  }

  wheel(event) {
    event.preventDefault();
    if (event.ctrlKey) return this.viewer.zoomBy(Math.exp(-event.deltaY / 300), this.at(event));
    const whole = event.deltaMode || Math.abs(event.deltaY) >= WHEEL;
    this.turned = whole ? Math.sign(event.deltaY) : this.turned + event.deltaY / WHEEL;
    const steps = Math.trunc(this.turned);
    this.turned -= steps;
    if (steps) this.viewer.scrollBy(steps);
  }

  key(event) {
    if (this.viewer.listens === false) return; // another board of the desk has the keys
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
    const inside = this.port.contains(event.target);
    if (inside || event.target === document.body) {
      if (this.navigate(event)) event.preventDefault();
    }
    if (!this.letterKeys || event.defaultPrevented) return;
    const name = event.key.toLowerCase();
    if (KEYS[name] && this.viewer.knows(KEYS[name])) this.viewer.setTool(KEYS[name]);
    else if (ACTS[name]) this.viewer.act(ACTS[name]);
    else if (name >= "1" && name <= "5" && name.length === 1) this.viewer.preset(+name - 1);
    else return;
    event.preventDefault();
  }

  navigate({ key, shiftKey }) {
    const { viewer } = this;
    if (DRAWN.has(viewer.tool) && (MOVES[key] || key === "Enter")) {
      const step = shiftKey ? 1 : FAR;
      if (MOVES[key]) viewer.moveCursor(MOVES[key][0] * step, MOVES[key][1] * step);
      else viewer.pressCursor();
    } else if (STEPS[key]) viewer.scrollBy(STEPS[key]);
    else if (key === "Home") viewer.scrollBy(-viewer.count);
    else if (key === "End") viewer.scrollBy(viewer.count);
    else if (key === "+" || key === "=") viewer.zoomBy(1.25);
    else if (key === "-") viewer.zoomBy(0.8);
    else if (key === "Delete") return viewer.removeNearest();
    else if (key === "Escape") viewer.setTool("scroll");
    else return false;
    return true;
  }

  close() {
    this.stop.abort();
  }
}
