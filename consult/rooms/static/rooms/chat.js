/** The messages of a room: what the log has, below it what still waits for the line, and who writes now. */

const TYPES = 5000; // ms for which somebody is said to write

export class Chat {
  /**
   * @param {{log: HTMLElement, form: HTMLFormElement | null, typing: HTMLElement}} parts @param {Record<string, string>} words
   * @param {{name: (user: string) => string, me: () => string, post: (frame: object) => string, typing: () => void, waiting: () => any[]}} room
   */
  constructor({ log, form, typing }, words, room) {
    Object.assign(this, { log, form, typing, words, room });
    /** @type {Map<string, number>} by account, until when it is said */
    this.quiet = new Map();
    if (!form) return; // who observes does not write
    this.input = /** @type {HTMLInputElement} */ (form.elements.namedItem("text"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (!text) return;
      room.post({ do: "say", text });
      this.input.value = "";
      this.showWaiting();
    });
    this.input.addEventListener("input", () => {
      if (Date.now() - (this.typedAt || 0) < 3000) return;
      this.typedAt = Date.now();
      room.typing();
    });
    this.showWaiting();
  }

  /** A message of the log. @param {any} event */
  add(event) {
    const message = this._message(event.from, event.taken_back ? this.words.taken_back : event.text, new Date(event.at));
    message.dataset.seq = event.seq;
    message.classList.toggle("msg--gone", Boolean(event.taken_back));
    this._append(message);
    this.showWaiting();
  }

  /** What the system has to say. @param {string} text @param {string} [at] */
  note(text, at) {
    const line = document.createElement("p");
    line.className = "sysm";
    line.textContent = at ? `${clock(new Date(at))} ${text}` : text;
    this._append(line);
  }

  /** @param {string} user @param {boolean} on */
  showTyping(user, on) {
    clearTimeout(this.quiet.get(user));
    this.typing.textContent = on ? this.words.typing.replace("{who}", this.room.name(user)) : "";
    if (on) this.quiet.set(user, window.setTimeout(() => (this.typing.textContent = ""), TYPES));
  }

  clear() {
    for (const line of [...this.log.children]) if (!line.hasAttribute("data-waiting")) line.remove();
  }

  /** The outbox, below everything that was said. */
  showWaiting() {
    for (const old of this.log.querySelectorAll("[data-waiting]")) old.remove();
    for (const frame of this.room.waiting().filter((one) => one.do === "say")) {
      const message = this._message(this.room.me(), frame.text);
      message.setAttribute("data-waiting", frame.client_id);
      const wait = document.createElement("span");
      wait.className = "wait";
      wait.textContent = this.words.waiting;
      message.querySelector("p")?.append(document.createElement("br"), wait);
      this.log.append(message);
    }
    this.log.scrollTop = this.log.scrollHeight;
  }

  _append(line) {
    this.log.insertBefore(line, this.log.querySelector("[data-waiting]"));
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** @param {string} user @param {string} text @param {Date} [at] */
  _message(user, text, at) {
    const name = this.room.name(user);
    const message = document.createElement("div");
    message.className = "msg";
    const face = element("span", "av", name.slice(0, 1));
    face.setAttribute("aria-hidden", "true");
    const head = element("span", "", "");
    head.dataset.head = "";
    head.append(element("b", "", user === this.room.me() ? this.words.you : name));
    if (at) {
      const time = document.createElement("time");
      time.dateTime = at.toISOString();
      time.textContent = clock(at);
      head.append(time);
    }
    message.append(face, head, element("p", "", text));
    return message;
  }
}

/** @param {string} tag @param {string} style @param {string} text */
function element(tag, style, text) {
  const made = document.createElement(tag);
  if (style) made.className = style;
  made.textContent = text;
  return made;
}

/** The province has one time zone, whatever this PC believes. @param {Date} at */
function clock(at) {
  return at.toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
}
