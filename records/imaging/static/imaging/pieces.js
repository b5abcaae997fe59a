/**
 * Files on their way to the server. A large one goes in pieces: the server keeps each, so that after
 * a cut line, a reload or a day the same file goes on where it stopped.
 *
 * Beside a call all but the smallest goes in pieces, small ones at a pace that leaves the line to the
 * call; and none where it has nothing to spare. What is under way when a call begins is taken back.
 */

import { Pace, SMALLEST as CRUMB, onCall } from "../web/yield.js";
import { Squeeze } from "./squeeze.js";

const WHOLE = 4 << 20; // bytes up to which a file goes in one
const [SMALLEST, FIRST, LARGEST] = [256 << 10, 1 << 20, 16 << 20]; // bytes of a piece
const [BRISK, SLUGGISH] = [1000, 5000]; // ms that a piece takes
const SAMPLE = 64 << 10; // bytes at three places by which a file is known again

/**
 * One request. Rejects when the line breaks or `signal` stops it.
 * @param {string} method @param {string} url
 * @param {{headers: object, body?: Blob, signal: AbortSignal, progress?: (sent: number) => void}} how
 * @returns {Promise<XMLHttpRequest>}
 */
export function ask(method, url, { headers, body, signal, progress = () => {} }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (body) request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => progress(event.loaded));
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new Error("line")));
    request.addEventListener("abort", () => reject(new Error("stopped")));
    request.addEventListener("loadend", () => signal.removeEventListener("abort", stop));
    signal.addEventListener("abort", stop);
    request.send(body);
  });
}

/**
 * Send a file; resolves with the request that says what became of it.
 * @param {File} file
 * @param {{whole: string, pieces: string, headers: object, signal: AbortSignal, plain?: boolean,
 *   begun: (url: string, offset: number) => void, progress: (sent: number) => void,
 *   yields: (on: boolean) => void}} how `yields` says before each piece whether a call goes first;
 *   plain: it is not compressed in itself
 */
export async function sendFile(file, how) {
  const pace = new Pace();
  const squeeze = new Squeeze(Boolean(how.plain));
  if (file.size <= WHOLE) {
    const packed = await squeeze.pack(file);
    how.yields(pace.bite < Infinity);
    const bite = await pace.turn(how.signal);
    const fits = packed.body.size <= Math.max(bite, CRUMB);
    const answer = fits && (await askAlone(pace, "POST", how.whole, asPacked(how, packed, 0, file.size)));
    if (answer) return answer;
  }
  const started = await ask("POST", how.pieces, {
    ...how,
    headers: { ...how.headers, "Upload-Length": file.size, "X-File-Print": await print(file) },
    progress: undefined,
  });
  if (started.status !== 201) return started;
  const url = started.getResponseHeader("Location");
  let offset = offsetOf(started);
  how.begun(url, offset);
  for (let size = FIRST; offset < file.size; ) {
    how.yields(pace.bite < Infinity);
    const bite = await pace.turn(how.signal);
    const at = offset;
    const piece = file.slice(at, at + Math.min(size, bite));
    const packed = await squeeze.pack(piece);
    packed.headers["Upload-Offset"] = at;
    const begun = performance.now();
    const answer = await askAlone(pace, "PATCH", url, asPacked(how, packed, at, piece.size));
    if (!answer) continue; // a call began; what the server has of it, it says to the next piece
    if (answer.status !== 200 && answer.status !== 409) return answer;
    offset = offsetOf(answer);
    const took = performance.now() - begun;
    if (bite === Infinity) size = paced(size, took);
    else pace.went(packed.body.size, took);
  }
  how.progress(file.size);
  return ask("POST", url, { ...how, progress: undefined });
}

/** How to ask with what was packed, whose progress is that of the bytes inside. */
function asPacked(how, { body, headers }, at, size) {
  const progress = (sent) => how.progress(at + Math.min((sent * size) / body.size, size));
  return { ...how, body, headers: { ...how.headers, ...headers }, progress };
}

/** Ask, and take it back when meanwhile a call has no room for so much: null. */
async function askAlone(pace, method, url, how) {
  const stop = new AbortController();
  const quit = () => stop.abort();
  how.signal.addEventListener("abort", quit);
  const asked = ask(method, url, { ...how, signal: stop.signal });
  const rest = onCall(() => how.body.size > Math.max(pace.bite * 2, CRUMB) && stop.abort());
  try {
    return await asked;
  } catch (error) {
    if (stop.signal.aborted && !how.signal.aborted) return null;
    throw error;
  } finally {
    rest();
    how.signal.removeEventListener("abort", quit);
  }
}

const offsetOf = (answer) => Number(answer.getResponseHeader("Upload-Offset"));

/** As large as a brisk line deserves, as small as a sluggish one needs. */
function paced(size, took) {
  if (took < BRISK) return Math.min(size * 2, LARGEST);
  return took > SLUGGISH ? Math.max(size / 2, SMALLEST) : size;
}

/** What tells this file from others: size, time, and its beginning, middle and end. */
async function print(file) {
  const places = [0, file.size >> 1, Math.max(file.size - SAMPLE, 0)];
  const samples = await Promise.all(places.map((at) => file.slice(at, at + SAMPLE).arrayBuffer()));
  const known = [hash(new TextEncoder().encode(file.name)), ...samples.map((part) => hash(new Uint8Array(part)))];
  return [file.lastModified, ...known].map((number) => number.toString(36)).join("-");
}

/** FNV-1a; SHA-256 is not there on a page without TLS. */
export function hash(bytes) {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}
