/** Those who knock, whom one may invite, and the hold: what hosts of a room do. */
export class Guests {
  /**
   * @param {{host: HTMLElement | null, invite: HTMLFormElement | null, data: any, words: Record<string, string>, say: (text: string) => void}} room
   */
  constructor({ host, invite, data, words, say }) {
    this.host = host;
    this.data = data;
    this.words = words;
    this.say = say;
    /** @type {Map<string, {name: string, role: string, knocking: boolean}>} */
    this.waiting = new Map();
    host?.addEventListener("click", async (event) => {
      const button = /** @type {Element} */ (event.target).closest("button[data-door]");
      if (!(button instanceof HTMLElement)) return;
      const said = await this.post(button.dataset.door || "", { user_id: button.dataset.user || "" });
      if (said) this.say(said);
    });
    if (invite) this._invites(invite);
  }

  /** @param {any} frame of the log, or a person of the greeting as {is: "place", …} */
  hear(frame) {
    const who = frame.participant || frame.user;
    switch (frame.is) {
      case "place":
        if (!["invited", "waiting"].includes(frame.status)) return;
        this.waiting.set(who, { name: frame.name, role: frame.role, knocking: frame.status === "waiting" });
        break;
      case "participant.invited":
      case "participant.knocked":
        this.waiting.set(who, { name: frame.name, role: frame.role, knocking: frame.is === "participant.knocked" });
        break;
      case "participant.admitted":
      case "participant.refused":
      case "participant.removed":
        this.waiting.delete(who);
        break;
      default:
        return;
    }
    this.draw();
  }

  draw() {
    if (!this.host) return;
    const held = this.host.contains(document.activeElement);
    this.host.hidden = this.waiting.size === 0;
    const list = this.host.querySelector("ul");
    list?.replaceChildren(...[...this.waiting].map(([user, guest]) => this._line(user, guest)));
    const next = this.host.querySelector("button") || document.querySelector('[data-room="title"]');
    if (held) /** @type {HTMLElement | null} */ (next)?.focus(); // the button that was pressed is gone
  }

  /** @param {string} user @param {{name: string, role: string, knocking: boolean}} guest */
  _line(user, guest) {
    const line = document.createElement("li");
    const text = document.createElement("span");
    text.className = "grow";
    const name = document.createElement("b");
    name.textContent = guest.name;
    text.append(name, ` ${this.words[`as_${guest.role}`]} · ${guest.knocking ? this.words.knocks : this.words.was_invited}`);
    line.append(text);
    for (const [door, words, style] of [["admit", this.words.let_in, "btn--p"], ["refuse", this.words.not_now, ""]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `btn btn--s ${style}`;
      button.textContent = words;
      button.setAttribute("aria-label", `${words} ${guest.name}`);
      button.dataset.door = door;
      button.dataset.user = user;
      line.append(button);
    }
    return line;
  }

  /** Through one of the room's doors; what was refused is said. @param {string} door @param {Record<string, string>} fields */
  async post(door, fields) {
    const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: this.data.csrf });
    const answer = await fetch(this.data.doors[door], { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) return "";
    const said = answer ? (await answer.json().catch(() => ({}))).text : "";
    return said || this.words.no_line;
  }

  /** @param {HTMLFormElement} form */
  _invites(form) {
    const find = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
    const found = /** @type {HTMLElement} */ (form.querySelector("[data-found]"));
    const wrong = /** @type {HTMLElement} */ (form.querySelector("[data-wrong]"));
    let turn = 0;
    find.addEventListener("input", async () => {
      const mine = ++turn;
      const text = find.value.trim();
      const answer = text ? await fetch(`${this.data.doors.people}?q=${encodeURIComponent(text)}`).catch(() => null) : null;
      if (mine !== turn || (text && !answer?.ok)) return;
      const { people } = answer ? await answer.json() : { people: [] };
      found.replaceChildren(...people.map(choice));
      const first = found.querySelector("input");
      if (people.length === 1 && first) first.checked = true;
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(form));
      const said = await this.post("invite", fields);
      wrong.hidden = !said;
      wrong.textContent = said;
      if (said) return;
      form.reset();
      found.replaceChildren();
      form.closest("dialog")?.close();
    });
  }
}

/** @param {{id: string, name: string, organisation: string}} person */
function choice(person) {
  const row = document.createElement("li");
  const label = document.createElement("label");
  label.className = "opt";
  const radio = Object.assign(document.createElement("input"), { type: "radio", name: "user_id", value: person.id });
  label.append(radio, ` ${person.name} · ${person.organisation}`);
  row.append(label);
  return row;
}
