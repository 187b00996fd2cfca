import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { unpackError } from "./carry-error.ts";
import type { TaskAnswer, TaskCall, TasksOf } from "./task.ts";

/** Threads for work that only costs processor time. Tasks wait in line for a free thread, first come first served. */
export interface Pool<Tasks extends TasksOf<Tasks>> {
  readonly threads: number;
  /**
   * Runs one task. `transfer` lists the buffers of the payload that move to the thread and are gone here.
   *
   * @throws what the task threw (a Refusal stays one, others come as TaskError), or an Error when its
   *   thread died; the next task gets a new thread.
   */
  run<Name extends keyof Tasks & string>(
    task: Name,
    payload: Tasks[Name]["payload"],
    transfer?: readonly ArrayBuffer[],
  ): Promise<Tasks[Name]["result"]>;
  /** Ends the threads; what runs or waits is rejected. */
  close(): Promise<void>;
}

interface Waiting {
  readonly call: TaskCall;
  readonly transfer: readonly ArrayBuffer[];
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Seat {
  worker: Worker | undefined;
  current: Waiting | undefined;
}

/** More than four threads only wait for the medium and the database (batch-format, 32 MiB parts). */
const mostThreads = 4;

export function defaultThreads(): number {
  return Math.min(mostThreads, Math.max(1, availableParallelism()));
}

/**
 * @param entry the worker's file, made with `new URL("./worker.ts", import.meta.url)` so that the bundle finds
 *   it; it calls `serveTasks`. Threads start when they are first needed.
 */
export function createPool<Tasks extends TasksOf<Tasks>>(
  entry: URL,
  threads = defaultThreads(),
): Pool<Tasks> {
  const seats: Seat[] = Array.from({ length: threads }, () => ({ worker: undefined, current: undefined }));
  const queue: Waiting[] = [];
  let closed = false;

  function next(): void {
    while (queue.length > 0) {
      const seat = seats.find((candidate) => candidate.current === undefined);
      const waiting = seat === undefined ? undefined : queue.shift();
      if (seat === undefined || waiting === undefined) return;
      give(seat, waiting);
    }
  }

  function give(seat: Seat, waiting: Waiting): void {
    seat.current = waiting;
    try {
      seat.worker ??= start(seat);
      seat.worker.ref();
      seat.worker.postMessage(waiting.call, waiting.transfer);
    } catch (error) {
      settle(seat)?.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function settle(seat: Seat): Waiting | undefined {
    const done = seat.current;
    seat.current = undefined;
    // An idle thread must not keep the process alive.
    seat.worker?.unref();
    return done;
  }

  function start(seat: Seat): Worker {
    const worker = new Worker(entry);
    worker.on("message", (answer: TaskAnswer) => {
      const done = settle(seat);
      if (answer.ok) done?.resolve(answer.result);
      else done?.reject(unpackError(answer.error));
      next();
    });
    const lost = (reason: string): void => {
      if (seat.worker !== worker) return;
      seat.worker = undefined;
      const done = settle(seat);
      done?.reject(new Error(`A worker thread stopped during ${done.call.task}: ${reason}.`));
      if (!closed) next();
    };
    worker.on("error", (error: Error) => lost(error.message));
    worker.on("exit", (code) => lost(`it ended with code ${code}`));
    return worker;
  }

  return {
    threads,
    run(task, payload, transfer = []) {
      if (closed) return Promise.reject(new Error(`the pool is closed: ${task}`));
      return new Promise((resolve, reject) => {
        queue.push({ call: { task, payload }, transfer, resolve, reject });
        next();
      });
    },
    async close() {
      closed = true;
      for (const waiting of queue.splice(0)) {
        waiting.reject(new Error(`the pool was closed before ${waiting.call.task} began`));
      }
      await Promise.all(seats.map(async (seat) => seat.worker?.terminate()));
    },
  };
}
