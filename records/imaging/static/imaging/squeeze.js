/**
 * What is sent as it lies in a file takes a third to a half less of the line as gzip. Whatever does
 * not, because it is compressed in itself or is noise, goes as it is: the first piece shows it.
 */

const WORTH = 0.9; // of its size; above that it is not worth the work on both sides

/** Of one file. */
export class Squeeze {
  /** @param {boolean} plain whether it is not compressed in itself */
  constructor(plain) {
    this.worth = plain && "CompressionStream" in window;
  }

  /**
   * @param {Blob} piece
   * @returns {Promise<{body: Blob, headers: object}>} as it goes over the line
   */
  async pack(piece) {
    const body = this.worth ? await gzip(piece) : piece;
    if (body.size <= piece.size * WORTH) return { body, headers: { "Content-Encoding": "gzip" } };
    this.worth = false;
    return { body: piece, headers: {} };
  }
}

const gzip = (blob) => new Response(blob.stream().pipeThrough(new CompressionStream("gzip"))).blob();
