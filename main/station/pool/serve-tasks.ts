import { parentPort } from "node:worker_threads";
import { packError } from "./carry-error.ts";
import type { TaskAnswer, TaskCall, TaskFunctions, TasksOf } from "./task.ts";

/** The whole of a worker's entry file: answers one call after the other until the pool ends the thread. */
export function serveTasks<Tasks extends TasksOf<Tasks>>(functions: TaskFunctions<Tasks>): void {
  const port = parentPort;
  if (port === null) throw new Error("a pool worker runs in a thread of a pool, not by itself");
  port.on("message", ({ task, payload }: TaskCall) => {
    const transfer: ArrayBuffer[] = [];
    const answer = (message: TaskAnswer): void => port.postMessage(message, message.ok ? transfer : []);
    Promise.try(() => {
      if (!Object.hasOwn(functions, task)) throw new Error(`this pool has no task ${task}`);
      return functions[task as keyof Tasks](payload as Tasks[keyof Tasks]["payload"], transfer);
    }).then(
      (result) => answer({ ok: true, result }),
      (error: unknown) => answer({ ok: false, error: packError(error) }),
    );
  });
}
