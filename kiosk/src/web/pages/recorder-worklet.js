// Hands what the microphone hears to the page, piece by piece, as it is: nothing is compressed.
class Ear extends AudioWorkletProcessor {
  process(inputs) {
    const channel = inputs[0][0];
    if (channel) { this.port.postMessage(channel.slice()); }
    return true;
  }
}
registerProcessor('ear', Ear);
