// The telephone's sound, on the thread that the sound card calls: the microphone becomes frames of
// 20 ms at 8 kHz and 16 bits, and such frames become what is heard.

const LINE_HZ = 8000;
const FRAME = 160;

// Frames that wait before playback begins, and those that may wait in the end: 60 and 300 ms.
const PRIME = 3;
const MOST = 15;

// More than so many are too late to talk with; silent ones among them are left out.
const COMFORTABLE = 5;
const SILENT = 32;

// A telephone's band ends at 3400 Hz; from 4000 Hz on, sound would come back as other tones.
const CUTOFF_HZ = 3600;
const ZERO_CROSSINGS = 24;
const STEPS = 128;

const FULL_SCALE = 32768;
const LEVEL_EVERY = 12;

class Resampler {
  constructor(from, to) {
    this.step = from / to;
    this.half = Math.ceil((ZERO_CROSSINGS * from) / (2 * CUTOFF_HZ));
    this.kernel = windowedSinc((2 * CUTOFF_HZ) / from, this.half);
    this.kept = new Float32Array(this.half);
    this.at = this.half;
  }

  // What the samples add to the other side, sample by sample.
  push(samples, take) {
    const sound = new Float32Array(this.kept.length + samples.length);
    sound.set(this.kept);
    sound.set(samples, this.kept.length);
    while (this.at + this.half < sound.length) {
      take(this.sample(sound, this.at));
      this.at += this.step;
    }
    const gone = Math.min(Math.floor(this.at) - this.half, sound.length);
    this.kept = sound.slice(gone);
    this.at -= gone;
  }

  sample(sound, at) {
    let sum = 0;
    const last = Math.floor(at + this.half);
    for (let k = Math.max(Math.ceil(at - this.half), 0); k <= last; k += 1) {
      const place = Math.abs(at - k) * STEPS;
      const below = Math.floor(place);
      const low = this.kernel[below];
      sum += sound[k] * (low + (this.kernel[below + 1] - low) * (place - below));
    }
    return sum;
  }
}

function windowedSinc(band, half) {
  const kernel = new Float32Array(half * STEPS + 2);
  for (let i = 0; i < half * STEPS; i += 1) {
    const x = (Math.PI * band * i) / STEPS;
    const hann = 0.5 + 0.5 * Math.cos((Math.PI * i) / (half * STEPS));
    kernel[i] = band * hann * (i === 0 ? 1 : Math.sin(x) / x);
  }
  return kernel;
}

class Telephone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.down = new Resampler(sampleRate, LINE_HZ);
    this.up = new Resampler(LINE_HZ, sampleRate);
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.waiting = [];
    this.isPrimed = false;
    this.isDraining = false;
    this.ready = [];
    this.blocks = 0;
    this.levels = { caller: 0, machine: 0 };
    this.port.onmessage = (event) => this.take(event.data);
  }

  take(message) {
    if (message instanceof ArrayBuffer) {
      this.queue(new Int16Array(message));
    } else if (message === "clear") {
      this.waiting = [];
      this.ready = [];
      this.isPrimed = false;
    } else if (message === "drain") {
      this.isPrimed = this.isDraining = true;
    }
  }

  queue(frame) {
    const isLate = this.waiting.length >= COMFORTABLE;
    if (isLate && frame.every((sample) => Math.abs(sample) < SILENT)) {
      return;
    }
    this.waiting.push(frame);
    if (this.waiting.length > MOST) {
      this.waiting.splice(0, this.waiting.length - COMFORTABLE);
    }
    this.isPrimed ||= this.waiting.length >= PRIME;
  }

  process(inputs, outputs) {
    this.listen(inputs[0]);
    this.play(outputs[0]);
    this.blocks += 1;
    if (this.blocks % LEVEL_EVERY === 0) {
      this.port.postMessage({ levels: this.levels });
      this.levels = { caller: 0, machine: 0 };
    }
    return true;
  }

  listen(channels) {
    // Without a microphone there are no channels; the line is silent, and goes on.
    const sound = channels[0] ?? new Float32Array(128);
    this.down.push(sound, (sample) => {
      const scaled = Math.round(sample * FULL_SCALE);
      this.frame[this.filled] = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, scaled));
      this.filled += 1;
      this.levels.caller = Math.max(this.levels.caller, Math.abs(sample));
      if (this.filled === FRAME) {
        this.port.postMessage(this.frame.buffer, [this.frame.buffer]);
        this.frame = new Int16Array(FRAME);
        this.filled = 0;
      }
    });
  }

  play(channels) {
    const wanted = channels[0].length;
    while (this.ready.length < wanted) {
      this.up.push(this.next(), (sample) => this.ready.push(sample));
    }
    const sound = this.ready.splice(0, wanted);
    for (const channel of channels) {
      channel.set(sound);
    }
    for (const sample of sound) {
      this.levels.machine = Math.max(this.levels.machine, Math.abs(sample));
    }
  }

  // The next frame; silence where none came in time, and then until some wait again.
  next() {
    const frame = this.isPrimed ? this.waiting.shift() : undefined;
    if (frame !== undefined) {
      return Float32Array.from(frame, (sample) => sample / FULL_SCALE);
    }
    this.isPrimed = false;
    if (this.isDraining) {
      this.isDraining = false;
      this.port.postMessage({ isDrained: true });
    }
    return new Float32Array(FRAME / 4);
  }
}

registerProcessor("telephone", Telephone);
