// The thread that a station lives in. Its shell owns it, hands it one port for each connection, and asks it to close.
import { appendFileSync, existsSync } from "node:fs";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { Refusal } from "../../shared/errors.ts";
import { useCompileCache } from "./compile-cache.ts";
import { openDespiteFullDisk } from "./full-disk.ts";
import { holdStation } from "./hold.ts";
import { stationPaths } from "./paths.ts";
import { programSha256 } from "./program.ts";
import type { StationLock } from "./store/lock.ts";
import { createStepHook } from "./steps.ts";
import type { Station } from "./station.ts";
import type { FromStation, ThreadStart, ToStation } from "./thread-messages.ts";
import { openLog, testDiskSpace, testPasswordHash } from "./thread-options.ts";

/** Work that stopped has its answer encoded after the station counts it as ended. */
const lastAnswersMs = 50;

useCompileCache();
const shell = parentPort;
if (shell === null) throw new Error("main/station/worker.ts runs in a worker thread only");
const { directory, shell: shellName } = workerData as ThreadStart;
const tell = (message: FromStation): void => shell.postMessage(message);

const log = openLog(directory);
process.on("uncaughtExceptionMonitor", (error) => {
  log.error({ error: error.stack ?? String(error) }, "the station's thread ended by a fault");
});

let lock: StationLock | undefined;

async function open(): Promise<Station> {
  const paths = stationPaths(directory);
  if (!existsSync(paths.database)) {
    const { refuseForeignDirectory } = await import("../areas/station/found.ts");
    refuseForeignDirectory(paths);
  }
  lock ??= holdStation(paths, shellName, new Date());
  // Only the holder needs the rest of the program: a comer that finds the station held is gone in a moment.
  const { openStation } = await import("./station.ts");
  const passwordHash = testPasswordHash(process.env);
  const diskSpace = testDiskSpace(process.env);
  return openStation({
    directory,
    shell: shellName,
    clock: () => new Date(),
    step: createStepHook(process.env, (path, line) => appendFileSync(path, line)),
    log,
    program: programSha256(),
    ...(passwordHash === undefined ? {} : { passwordHash }),
    ...(diskSpace === undefined ? {} : { diskSpace }),
  });
}

try {
  const station = await openDespiteFullDisk(open, stationPaths(directory));
  const [{ createAnswers }, { attachPeer }] = await Promise.all([
    import("./attach/answer.ts"),
    import("./attach/attach-peer.ts"),
  ]);
  const answers = createAnswers(station.router);
  const ports = new Set<MessagePort>();
  shell.on("message", (message: ToStation) => {
    if (message.kind === "connect") {
      const connection = station.connect(message.face);
      ports.add(message.port);
      attachPeer(message.port, answers(connection), () => {
        ports.delete(message.port);
        station.disconnect(connection);
      });
      return;
    }
    // Closing twice is the same as closing once: the second message finds no listener.
    shell.removeAllListeners("message");
    void station.close().finally(() => {
      lock?.release();
      // An open port would keep this thread alive; but first whoever waits learns how its work was stopped.
      setTimeout(
        () => {
          for (const port of ports) port.close();
          shell.close();
        },
        ports.size === 0 ? 0 : lastAnswersMs,
      );
    });
  });
  tell({ kind: "opened" });
} catch (error) {
  lock?.release();
  if (!(error instanceof Refusal)) throw error;
  tell({ kind: "refused", code: error.code, message: error.message, facts: error.facts });
  shell.close();
}
