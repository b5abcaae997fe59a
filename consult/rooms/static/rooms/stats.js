/**
 * What getStats() says about a call, once a second, as the ladder wants it.
 * @returns {(pc: RTCPeerConnection, at: number) => Promise<any>}
 */
export function sampler() {
  /** @type {any} */
  let before = null;
  return async (pc, at) => {
    const now = read(await pc.getStats());
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

/** Sums over the reports. @param {RTCStatsReport} report */
function read(report) {
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
    } else if (one.type === "remote-inbound-rtp") {
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
