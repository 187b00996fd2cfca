// Sets the machine up for one verb, then becomes `node24 scripts/<verb>.ts`. No dependencies: it runs before there are any.
import { spawn, spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies, findNode24 } from "./dependencies.mjs";
import { ensurePrograms } from "./programs.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What a verb needs besides the dependencies. `npm test` builds as one of its own stages. */
const needs = {
  start: { programs: ["chromium"], build: true, script: "start-station.ts" },
  demo: { programs: [], build: false, script: "demo.ts" },
  test: { programs: ["chromium", "age", "zstd", "jq", "ssh-keygen", "gcc"], build: false, script: "test.ts" },
  bench: { programs: ["age", "zstd"], build: false, script: "bench.ts" },
  screenshots: { programs: ["chromium"], build: true, script: "screenshots.ts" },
};

/** Ends the process with the code, or by the signal, of the script it ran. */
export function run(verb, args) {
  const { programs, build, script } = needs[verb];
  let node;
  try {
    ensureDependencies(root);
    node = findNode24(root);
    if (node === undefined) {
      throw new Error(
        `There is no Node 24 for ${process.platform} ${process.arch} among the dependencies. Install Node 24 and run this again.`,
      );
    }
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  // A program that can't be installed is said here in one sentence; whether that matters is the script's to judge.
  for (const sentence of ensurePrograms(programs)) console.error(sentence);
  if (build) {
    const built = spawnSync(node, [join(root, "scripts/build.ts")], { stdio: "inherit", cwd: root });
    if (built.status !== 0) process.exit(built.status ?? 1);
  }
  become(node, [join(root, "scripts", script), ...args]);
}

function become(command, args) {
  const child = spawn(command, args, { stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"]) {
    process.on(signal, () => {
      // A terminal has already sent Ctrl-C to the whole group.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    console.error(`Could not run ${command}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
