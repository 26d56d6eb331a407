// One call: microphone and loudspeaker on one side, a socket on the other.

const ADDRESS = "/ws/phone";

// Noise suppression and gain control change what a voice is known by, and telephones have neither.
const MICROPHONE = {
  audio: {
    channelCount: 1,
    echoCancellation: true,
    noiseSuppression: false,
    autoGainControl: false,
  },
};

const START_MS = 5000;

export class NoSound extends Error {}

export class Call {
  // `on` is told of: answered, happening, ended, refused, levels, and over, which comes last.
  constructor(on) {
    this.on = on;
    this.isOver = false;
  }

  async dial({ from, language, token }) {
    // Made at once: browsers let a page sound only where it was asked to by a click.
    this.context = new AudioContext({ latencyHint: "interactive" });
    try {
      await this.openSound();
    } catch (problem) {
      if (!this.isOver) {
        this.close();
        throw problem;
      }
    }
    if (this.isOver) {
      this.release(); // whoever hangs up while the browser still asks is listened to no more
    } else {
      this.openLine({ type: "dial", from, language, token });
    }
  }

  press(keys) {
    this.send({ type: "press", keys });
  }

  hangUp() {
    this.send({ type: "hang_up" });
    this.close();
  }

  async openSound() {
    this.microphone = await navigator.mediaDevices.getUserMedia(MICROPHONE);
    await this.context.audioWorklet.addModule("/phone/worklet.js");
    await this.startSound();
    this.sound = new AudioWorkletNode(this.context, "telephone", { outputChannelCount: [1] });
    this.sound.port.onmessage = (event) => this.heard(event.data);
    const source = this.context.createMediaStreamSource(this.microphone);
    source.connect(this.sound).connect(this.context.destination);
  }

  // Where nothing can play sound, some browsers wait for it for ever.
  startSound() {
    return new Promise((started, failed) => {
      setTimeout(() => failed(new NoSound()), START_MS);
      this.context.resume().then(started, failed);
    });
  }

  openLine(dial) {
    const url = new URL(ADDRESS, window.location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.socket = new WebSocket(url);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.send(dial);
    this.socket.onmessage = (event) => this.received(event.data);
    this.socket.onclose = () => this.lineClosed();
  }

  heard(message) {
    if (this.isOver) {
      return;
    }
    if (message instanceof ArrayBuffer) {
      if (this.isAnswered && this.socket?.readyState === WebSocket.OPEN) {
        this.socket.send(message);
      }
    } else if (message.levels) {
      this.on.levels(message.levels);
    } else if (message.isDrained) {
      this.close();
    }
  }

  received(data) {
    if (data instanceof ArrayBuffer) {
      this.sound?.port.postMessage(data, [data]);
      return;
    }
    const message = JSON.parse(data);
    switch (message.type) {
      case "answered":
        this.isAnswered = true;
        this.on.answered(message);
        break;
      case "clear":
        this.sound?.port.postMessage("clear");
        break;
      case "happening":
        this.on.happening(message);
        break;
      case "ended":
        this.isEnding = true;
        this.on.ended(message);
        break;
      case "refused":
        this.on.refused(message);
        break;
    }
  }

  // What was said last is heard to its end.
  lineClosed() {
    if (this.isEnding) {
      this.sound?.port.postMessage("drain");
    } else {
      this.close();
    }
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(message));
    }
  }

  close() {
    if (this.isOver) {
      return;
    }
    this.isOver = true;
    this.socket?.close();
    this.release();
    this.on.over();
  }

  release() {
    this.microphone?.getTracks().forEach((track) => track.stop());
    if (this.context.state !== "closed") {
      this.context.close();
    }
  }
}
