/** How this page reaches the others: servers that help to find a way, or a media engine; renewed before they die. */
const EARLY = 0.6; // of their life, after which new ones are asked for
const SPARE = 20000; // ms that a restart needs them to live on, or a quarter of their life
const ANSWER = 2000; // ms that the room may take for new ones; then a try with the old ones is better than none
const AGAIN = 10000; // ms to the next question when nobody answered

export class Ways {
  /** @param {() => boolean} ask for new ones; whether that went out @param {() => number} now */
  constructor(ask, now = Date.now) {
    this.ask = ask;
    this.now = now;
    /** @type {RTCIceServer[]} */
    this.servers = [];
    /** @type {{url: string, token: string} | null} the media engine, where the room is there */
    this.engine = null;
    this.dieAt = Infinity;
    this.spare = 0;
    /** @type {(() => void)[]} */
    this.waiting = [];
  }

  /** @param {{servers: RTCIceServer[], engine: any, seconds: number | null}} offered */
  take({ servers, engine, seconds }) {
    this.servers = servers;
    this.engine = engine;
    const life = seconds === null ? Infinity : seconds * 1000;
    this.dieAt = this.now() + life;
    this.spare = Math.min(SPARE, life / 4);
    for (const done of this.waiting.splice(0)) done();
    clearTimeout(this.timer);
    if (seconds !== null) this.timer = setTimeout(() => this._renew(), life * EARLY);
  }

  /** Whether they will live for as long as a way takes to be found. */
  get alive() {
    return this.now() < this.dieAt - this.spare;
  }

  /** When it returns the credentials are good, unless the room did not answer. */
  async fresh() {
    if (this.alive || !this.ask()) return;
    await new Promise((done) => {
      this.waiting.push(() => done(undefined));
      setTimeout(done, ANSWER);
    });
  }

  close() {
    clearTimeout(this.timer);
  }

  /** A page whose socket is away now gets new ones with the greeting, too. */
  _renew() {
    this.ask();
    this.timer = setTimeout(() => this._renew(), AGAIN);
  }
}
