/**
 * Microphone and camera, as far as there are any. Never an obstacle: without them one can listen,
 * look and write.
 *
 * @typedef {"good" | "denied" | "missing" | "busy" | "insecure"} Finding
 */
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 15, max: 15 } };

/** @param {any} error @returns {Finding} */
export function finding(error) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "denied";
  if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "missing";
  return "busy";
}

/**
 * One device of a kind. @param {"mic" | "camera"} kind @param {MediaTrackConstraints} which
 * @returns {Promise<MediaStreamTrack>}
 */
export async function openOne(kind, which) {
  const wanted = kind === "mic" ? { audio: { ...SOUND, ...which } } : { video: { ...PICTURE, ...which } };
  return (await navigator.mediaDevices.getUserMedia(wanted)).getTracks()[0];
}

/**
 * Ask for both, then for each alone: one that is missing must not cost the other.
 * @param {{mic?: MediaTrackConstraints, camera?: MediaTrackConstraints}} [preferred] what was chosen before, where it is there
 * @returns {Promise<{stream: MediaStream, mic: Finding, camera: Finding}>}
 */
export async function openDevices(preferred = {}) {
  const media = navigator.mediaDevices;
  if (!media) return { stream: new MediaStream(), mic: "insecure", camera: "insecure" };
  const [audio, video] = [{ ...SOUND, ...preferred.mic }, { ...PICTURE, ...preferred.camera }];
  try {
    return { stream: await media.getUserMedia({ audio, video }), mic: "good", camera: "good" };
  } catch {
    const stream = new MediaStream();
    /** @param {MediaStreamConstraints} wanted @returns {Promise<Finding>} */
    const one = async (wanted) => {
      try {
        for (const track of (await media.getUserMedia(wanted)).getTracks()) stream.addTrack(track);
        return "good";
      } catch (error) {
        return finding(error);
      }
    };
    const mic = await one({ audio });
    const camera = await one({ video });
    return { stream, mic, camera };
  }
}

/** Who only observes is neither seen nor heard. */
export function noDevices() {
  return { stream: new MediaStream(), mic: /** @type {Finding} */ ("missing"), camera: /** @type {Finding} */ ("missing") };
}

/**
 * How loud the microphone is, 0 to 1, some ten times a second.
 * @param {MediaStream} stream @param {(level: number) => void} show @returns {() => void} stops it
 */
export function meter(stream, show) {
  const Context = window.AudioContext || /** @type {any} */ (window).webkitAudioContext;
  if (!Context || !stream.getAudioTracks().length) return () => {};
  const context = new Context();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(samples);
    show(Math.min(1, Math.max(...samples.map((sample) => Math.abs(sample - 128))) / 64));
  }, 100);
  return () => {
    clearInterval(timer);
    context.close();
  };
}

/** A short tone, to hear whether the loudspeaker works. @param {string} [sink] the loudspeaker, "" for the system's own */
export function chime(sink = "") {
  const Context = window.AudioContext || /** @type {any} */ (window).webkitAudioContext;
  if (!Context) return;
  const context = new Context();
  if (sink && "setSinkId" in context) context.setSinkId(sink).catch(() => {});
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = 880;
  volume.gain.setValueAtTime(0.2, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.6);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.6);
  tone.onended = () => context.close();
}
