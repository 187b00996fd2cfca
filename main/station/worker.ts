// The thread that a station lives in. Its shell owns it, hands it one port for each connection, and asks it to close.
import { appendFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { Refusal } from "../../shared/errors.ts";
import { refuseForeignDirectory } from "../areas/station/found.ts";
import { createAnswers } from "./attach/answer.ts";
import { attachPeer } from "./attach/attach-peer.ts";
import { holdStation } from "./hold.ts";
import { createLog } from "./log.ts";
import { stationPaths } from "./paths.ts";
import { openStation } from "./station.ts";
import { createStepHook } from "./steps.ts";
import type { FromStation, ThreadStart, ToStation } from "./thread-messages.ts";
import { logFile, testPasswordHash } from "./thread-options.ts";

const shell = parentPort;
if (shell === null) throw new Error("main/station/worker.ts runs in a worker thread only");
const { directory, shell: shellName } = workerData as ThreadStart;
const tell = (message: FromStation): void => shell.postMessage(message);

const log = createLog(logFile(directory));
process.on("uncaughtExceptionMonitor", (error) => {
  log.error({ error: error.stack ?? String(error) }, "the station's thread ended by a fault");
});

try {
  const paths = stationPaths(directory);
  refuseForeignDirectory(paths);
  const lock = holdStation(paths, shellName, new Date());
  const passwordHash = testPasswordHash(process.env);
  const station = await openStation({
    directory,
    shell: shellName,
    clock: () => new Date(),
    step: createStepHook(process.env, (path, line) => appendFileSync(path, line)),
    log,
    ...(passwordHash === undefined ? {} : { passwordHash }),
  });
  const answers = createAnswers(station.router);
  shell.on("message", (message: ToStation) => {
    if (message.kind === "connect") {
      const connection = station.connect(message.face);
      attachPeer(message.port, answers(connection), () => station.disconnect(connection));
      return;
    }
    // Closing twice is the same as closing once: the second message finds no listener.
    shell.removeAllListeners("message");
    void station.close().finally(() => {
      lock.release();
      shell.close();
    });
  });
  tell({ kind: "opened" });
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  tell({ kind: "refused", code: error.code, message: error.message, facts: error.facts });
  shell.close();
}
