import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import { Refusal } from "../../shared/errors.ts";
import type { FromStation, ThreadStart, ToStation } from "./thread-messages.ts";

/** A station in its own thread, held by this process. */
export interface StationHost {
  /** A new connection with a session of its own. `face` says for people what is at its end. */
  connect(face: string): MessagePort;
  /** Running work stops at its next safe point, then the thread ends and the station's lock is free. */
  close(): Promise<void>;
  /** Settles with one sentence should the thread end by a fault; never rejects, never settles otherwise. */
  readonly lost: Promise<string>;
}

/**
 * Opens a station in a worker thread, so that a long seal never stalls a window. Throws a Refusal when the station can't be
 * opened: `held-elsewhere` when another process holds it, `not-ready` when its files aren't ours, too new or misconfigured.
 */
export async function startStation(start: ThreadStart): Promise<StationHost> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: start, name: "station" });
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  const fault = new Promise<Error>((resolve) => worker.once("error", resolve));

  const first = await Promise.race([
    new Promise<FromStation>((resolve) => worker.once("message", resolve)),
    fault,
  ]);
  if (first instanceof Error) {
    const sentence = `The station in ${start.directory} could not be opened: ${first.message}. ${start.directory}/logs has the details.`;
    throw new Refusal("internal", sentence, {}, { cause: first });
  }
  if (first.kind === "refused") {
    await ended;
    throw new Refusal(first.code, first.message, first.facts);
  }

  const tell = (message: ToStation, transfer: MessagePort[] = []): void =>
    worker.postMessage(message, transfer);
  return {
    connect(face) {
      const { port1, port2 } = new MessageChannel();
      tell({ kind: "connect", face, port: port2 }, [port2]);
      return port1;
    },
    async close() {
      tell({ kind: "close" });
      await ended;
    },
    lost: fault.then((error) => faultSentence(start.directory, error)),
  };
}

function faultSentence(directory: string, error: Error): string {
  return `The station's thread ended by a fault: ${error.message}. What was committed is safe. Start again; ${directory}/logs has the details.`;
}
