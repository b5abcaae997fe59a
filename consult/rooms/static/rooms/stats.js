const OLD = 10000; // ms; of sound the other tells every 5 to 7 s

/**
 * What getStats() says about a call, once a second, as the ladder wants it.
 * @returns {(pc: RTCPeerConnection, at: number) => Promise<any>}
 */
export function sampler() {
  /** @type {any} */
  let before = null;
  /** @type {Map<string, {at: number, spans: boolean}>} the last word of the other on each of our streams */
  const told = new Map();
  return async (pc, at) => {
    const now = read(await pc.getStats(), told);
    const last = before;
    before = { ...now, at };
    if (!last) return null;
    const seconds = Math.max((at - last.at) / 1000, 0.1);
    const samples = now.samples - last.samples;
    const packets = now.packets - last.packets;
    const missing = Math.max(now.missing - last.missing, 0);
    const inLoss = packets + missing > 0 ? missing / (packets + missing) : 0;
    return {
      at,
      alive: now.bytes > last.bytes || now.answers > last.answers || now.media > last.media,
      level: now.level,
      loss: Math.max(now.outLoss, inLoss),
      rtt: now.rtt,
      available: now.available,
      concealed: samples > 0 ? Math.max((now.concealed - last.concealed) / samples, 0) : 0,
      kbit: Math.max(((now.sent - last.sent) * 8) / 1000 / seconds, 0),
    };
  };
}

/**
 * Whether what the other says of a stream of ours is of the line as it is. What it said last of a stream
 * that goes no more stays in the reports for good; and what it says first when the stream goes again
 * counts all that was lost since then.
 */
function isOfNow(one, told, at) {
  const before = told.get(one.id) || { at: one.timestamp, spans: false };
  const spans = one.timestamp === before.at ? before.spans : one.timestamp - before.at > OLD;
  told.set(one.id, { at: one.timestamp, spans });
  return !spans && at - one.timestamp < OLD;
}

/** Sums over the reports. @param {RTCStatsReport} report */
function read(report, told) {
  let at = 0; // by the clock of the reports
  report.forEach((one) => (at = one.type === "candidate-pair" ? Math.max(at, one.timestamp) : at));
  const sum = { bytes: 0, answers: 0, media: 0, sent: 0, samples: 0, concealed: 0, packets: 0, missing: 0, level: 0, outLoss: 0, rtt: 0, available: null };
  report.forEach((one) => {
    if (one.type === "inbound-rtp") sum.media += one.bytesReceived || 0;
    if (one.type === "inbound-rtp" && one.kind === "audio") {
      sum.samples += one.totalSamplesReceived || 0;
      // Concealment while nobody speaks is silence that fills silence.
      sum.concealed += Math.max((one.concealedSamples || 0) - (one.silentConcealedSamples || 0), 0);
      sum.packets += one.packetsReceived || 0;
      sum.missing += one.packetsLost || 0;
      sum.level = Math.max(sum.level, one.audioLevel || 0);
    } else if (one.type === "remote-inbound-rtp" && isOfNow(one, told, at)) {
      sum.outLoss = Math.max(sum.outLoss, one.fractionLost || 0);
      sum.rtt = Math.max(sum.rtt, (one.roundTripTime || 0) * 1000);
    } else if (one.type === "candidate-pair" && (one.nominated || one.selected)) {
      // Whatever its state: on a line that is too full its checks are lost, and media goes on.
      sum.bytes += one.bytesReceived || 0;
      sum.answers += one.responsesReceived || 0;
      sum.sent += one.bytesSent || 0;
      sum.rtt = Math.max(sum.rtt, (one.currentRoundTripTime || 0) * 1000);
      if (one.availableOutgoingBitrate) sum.available = one.availableOutgoingBitrate;
    }
  });
  return sum;
}
