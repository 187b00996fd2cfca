import { chmodSync, closeSync, openSync, rmSync } from "node:fs";
import { createServer, connect, type Socket } from "node:net";
import { basename, dirname, join } from "node:path";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { sha256Hex } from "../crypto/hash.ts";
import { isFrame } from "./frame.ts";
import { FrameUnpacker, packFrame } from "./length-prefix.ts";

/** Where the shell that holds a station listens for others of the same user. */
export interface Endpoint {
  /** Settles when the last connection has ended, and takes no new one from that moment on. */
  idle(): Promise<void>;
  /** Connections that stand now. */
  readonly connections: number;
  close(): void;
}

/**
 * The first byte to a comer: it was taken in. Without it a comer could be left in the queue of a holder that is about to go,
 * and lose its first call.
 */
const welcome = 6;

/** A holder whose process is stopped takes nobody in; then the comer says who holds the station. */
const welcomeMs = 2000;

/** sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL included. */
const longestSocketPathBytes = 100;

/**
 * Listens on the station's socket file (mode 0600 in a directory of mode 0700) and joins each comer to a fresh port of the
 * station. To be called by the holder of the station's lock alone: it removes what a dead holder left behind.
 */
export async function listen(path: string, open: () => MessagePort): Promise<Endpoint> {
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0) for (const settle of waiting) settle();
    });
    socket.write(Buffer.of(welcome));
    passFrames(socket, open());
  });

  const place = reachable(path);
  try {
    if (place.isFile) rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(place.address, resolve);
    });
    if (place.isFile) chmodSync(path, 0o600);
  } finally {
    place.release();
  }
  // A full table of files must not end the shell: the comer fails, the station goes on.
  server.on("error", () => {});
  const stopListening = (): void => {
    if (!server.listening) return;
    server.close();
    if (place.isFile) rmSync(path, { force: true });
  };

  return {
    idle: () =>
      new Promise((resolve) => {
        const last = (): void => {
          stopListening();
          resolve();
        };
        if (sockets.size === 0) last();
        else waiting.add(last);
      }),
    get connections() {
      return sockets.size;
    },
    close: () => {
      stopListening();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Joins the endpoint of a shell that holds the station. Resolves to undefined when nobody there takes it in. */
export async function attach(path: string): Promise<MessagePort | undefined> {
  const place = reachable(path);
  const socket = connect(place.address);
  try {
    await welcomed(socket);
  } catch {
    socket.destroy();
    return undefined;
  } finally {
    place.release();
  }
  const { port1, port2 } = new MessageChannel();
  passFrames(socket, port1);
  return port2;
}

function welcomed(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(welcomeMs, () => reject(new Error("not taken in")));
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("turned away")));
    socket.once("readable", () => {
      const first = socket.read(1) as Buffer | null;
      if (first?.[0] !== welcome) return reject(new Error("not our endpoint"));
      socket.removeAllListeners();
      socket.setTimeout(0);
      resolve();
    });
  });
}

/** Passes frames between a stream and a port until either ends; a frame that is none ends both. */
function passFrames(socket: Socket, port: MessagePort): void {
  const unpacker = new FrameUnpacker();
  socket.on("data", (chunk) => {
    try {
      for (const frame of unpacker.take(chunk)) port.postMessage(frame);
    } catch {
      socket.destroy();
    }
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => port.close());
  port.on("message", (frame: unknown) => {
    if (isFrame(frame)) socket.write(packFrame(frame));
  });
  port.on("close", () => socket.end());
}

interface Place {
  readonly address: string;
  readonly isFile: boolean;
  release(): void;
}

/**
 * The address to bind or dial for a socket file. A path too long for a socket is reached through an open descriptor of its
 * directory on Linux; Windows has named pipes, which live outside the file system.
 */
function reachable(path: string): Place {
  if (process.platform === "win32") {
    const name = sha256Hex(Buffer.from(path.toLowerCase())).slice(0, 32);
    return { address: `\\\\.\\pipe\\sallyport-${name}`, isFile: false, release: () => {} };
  }
  if (Buffer.byteLength(path) <= longestSocketPathBytes || process.platform !== "linux") {
    return { address: path, isFile: true, release: () => {} };
  }
  const directory = openSync(dirname(path), "r");
  return {
    address: join("/proc/self/fd", String(directory), basename(path)),
    isFile: true,
    release: () => closeSync(directory),
  };
}
