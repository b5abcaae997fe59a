/**
 * What has come since the page was made: asked again while somebody sees the page, when the inbox
 * rings, and when the page hears that images are on their way.
 */
const EVERY = 20_000; // ms

export class News {
  /**
   * @param {{address: string, since: string}} from as records.imaging.presenting.news_of has it
   * @param {(studies: any[]) => void} take studies that came or grew; the same may come again
   */
  constructor({ address, since }, take) {
    Object.assign(this, { address, since, take });
    setInterval(() => document.hidden || this.look(), EVERY);
    for (const heard of ["inbox", "arriving"]) document.addEventListener(heard, () => this.look());
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
  }

  async look() {
    if (this.looking) return (this.again = true);
    this.looking = true;
    const answer = await fetch(`${this.address}?since=${encodeURIComponent(this.since)}`, { credentials: "same-origin" }).catch(() => null);
    const said = answer?.ok && !answer.redirected ? await answer.json().catch(() => null) : null;
    this.looking = false;
    if (said) this.since = said.at;
    if (said?.studies.length) this.take(said.studies);
    if (!this.again) return;
    this.again = false; // rung while it looked
    this.look();
  }
}
