import type { MessagePort } from "node:worker_threads";
import { Refusal } from "../../../shared/errors.ts";
import { readHolder } from "../hold.ts";
import { startStation, type StationHost } from "../host.ts";
import { stationPaths, type StationPaths } from "../paths.ts";
import type { ThreadStart } from "../thread-messages.ts";
import { attach, listen, type Endpoint } from "./endpoint.ts";

/** A station that this process can talk to: its own, or one that another shell holds. */
export interface Reached {
  /** True when this process held the station's lock from the start. */
  readonly holds: boolean;
  /** A new connection with a session of its own. Throws `held-elsewhere` when the holder takes nobody in. */
  connect(face: string): Promise<MessagePort>;
  /** Connections of other processes that work through this one. */
  readonly guests: number;
  /** Settles when no other process works through this one any more; new ones are turned away from then on. */
  guestsGone(): Promise<void>;
  /** Lets go: the thread of a station that this process holds stops at its next safe point and ends. */
  close(): Promise<void>;
  /** Settles with one sentence when the station's thread ends by a fault. */
  readonly lost: Promise<string>;
}

/**
 * Covers the moments in which a holder has the lock and doesn't listen yet, or no longer. A command line comes and goes, and on
 * a busy machine ten of them in a row take their time; a window that doesn't answer for five seconds won't.
 */
const patience = { triesMs: 5000, commandLineMs: 30_000, pauseMs: 100 };

/**
 * Opens the station, or attaches through the shell that holds it. Where neither works it says who holds the station. The
 * endpoint is tried first because a refused socket costs a millisecond and a thread fifty.
 */
export async function reachStation(start: ThreadStart): Promise<Reached> {
  const paths = stationPaths(start.directory);
  const began = Date.now();
  for (;;) {
    const port = await attach(paths.endpoint);
    if (port !== undefined) return throughHolder(start, paths, port);
    try {
      return await hold(start, paths);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "held-elsewhere") throw error;
      const passing = readHolder(paths)?.shell === "command line";
      if (Date.now() - began > (passing ? patience.commandLineMs : patience.triesMs)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, patience.pauseMs));
  }
}

async function hold(start: ThreadStart, paths: StationPaths): Promise<Reached> {
  const host = await startStation(start);
  const endpoint = await listenOrGoWithout(paths, host);
  return {
    holds: true,
    connect: (face) => Promise.resolve(host.connect(face)),
    get guests() {
      return endpoint?.connections ?? 0;
    },
    guestsGone: () => endpoint?.idle() ?? Promise.resolve(),
    async close() {
      await host.close();
      endpoint?.close();
    },
    lost: host.lost,
  };
}

/** A station works without its endpoint (a path too long for a socket, a file system without them): nobody can attach then. */
async function listenOrGoWithout(paths: StationPaths, host: StationHost): Promise<Endpoint | undefined> {
  try {
    return await listen(paths.endpoint, () => host.connect("attached"));
  } catch {
    return undefined;
  }
}

/** Works through the holder, and takes its place when it has gone. */
function throughHolder(start: ThreadStart, paths: StationPaths, first: MessagePort): Reached {
  let unused: MessagePort | undefined = first;
  let own: Promise<Reached> | undefined;
  let lose: (sentence: string) => void;
  const takeOver = async (): Promise<Reached> => {
    const taken = await hold(start, paths);
    void taken.lost.then((sentence) => lose(sentence));
    return taken;
  };
  return {
    holds: false,
    async connect(face) {
      const port = own === undefined ? (unused ?? (await attach(paths.endpoint))) : undefined;
      unused = undefined;
      if (port !== undefined) return port;
      own ??= takeOver().catch((error: unknown) => {
        own = undefined;
        throw error;
      });
      return (await own).connect(face);
    },
    guests: 0,
    guestsGone: async () => await (await own)?.guestsGone(),
    async close() {
      unused?.close();
      await (await own)?.close();
    },
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
  };
}
