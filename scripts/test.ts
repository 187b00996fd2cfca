// `npm test`, once the machine is set up: every check there is, each timed, and one last line "N passed, N failed".
// `-- lint types` runs only the stages named.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { coverageStage } from "./coverage/stage.ts";
import { root } from "./paths.ts";
import { findProgram } from "./setup/programs.mjs";
import { installedElectron } from "./shell/electron.ts";
import { add, broken, held, playwrightTally, tallyOf, vitestTally, type Tally } from "./test/tally.ts";

const reports = join(root, "test-results");
const bin = (name: string): string => join(root, "node_modules/.bin", name);
const environment = {
  ...process.env,
  NODE_ENV: "test",
  PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"]}`,
  SALLYPORT_COVERAGE: join(root, "coverage"),
};

function run(command: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): boolean {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...environment, ...more },
  });
  return status === 0;
}

const check =
  (command: string, ...args: readonly string[]): (() => Tally) =>
  () =>
    run(command, args) ? held : broken;

function vitest(name: string, ...args: readonly string[]): Tally {
  const report = join(reports, `${name}.json`);
  rmSync(report, { force: true });
  run(bin("vitest"), [
    "run",
    ...args,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  return tallyOf(report, vitestTally);
}

function programs(): Tally {
  const missing = (["chromium", "age", "zstd", "jq", "ssh-keygen", "gcc"] as const).filter(
    (name) => !findProgram(name),
  );
  if (missing.length > 0)
    console.error(`Missing programs: ${missing.join(", ")}. The tests that need them fail.`);
  return missing.length === 0 ? held : broken;
}

function endToEnd(): Tally {
  if (installedElectron() === undefined) {
    console.log(
      "Electron: skipped, its binary is not installed (npm start downloads it where that is allowed).",
    );
  } else if (process.env["DISPLAY"] === undefined) {
    console.log("Electron: skipped, there is no display; run under xvfb-run.");
  }
  const report = join(reports, "e2e.json");
  rmSync(report, { force: true });
  run(bin("playwright"), ["test"]);
  return tallyOf(report, playwrightTally);
}

/** The first crossing as `npm run demo` makes it, but with a cheap password hash, and measured. */
function demo(): Tally {
  const isHeld = run(process.execPath, ["scripts/demo.ts"], {
    SALLYPORT_TEST_FAST_KDF: "1",
    NODE_V8_COVERAGE: join(root, "coverage/processes"),
  });
  return isHeld ? held : broken;
}

/** In this order: what fails fast and says most comes first. */
const stages: Readonly<Record<string, () => Tally>> = {
  programs,
  format: check(bin("oxfmt"), "--check", "."),
  lint: check(bin("oxlint")),
  // --force, because TypeScript 7 keeps what it built when only `lib` or `types` of a project changed.
  types: check(bin("tsc"), "-b", "--force"),
  knip: check(bin("knip")),
  build: check(process.execPath, "scripts/build.ts"),
  vitest: () => vitest("vitest", "--coverage", "--project=!package"),
  demo,
  e2e: endToEnd,
  coverage: () => coverageStage(root),
  pack: check(process.execPath, "scripts/pack.ts"),
  package: () => vitest("package", "--project=package"),
};

const named = process.argv.slice(2);
const unknown = named.filter((word) => !Object.hasOwn(stages, word));
if (unknown.length > 0) {
  console.error(
    `There is no stage ${unknown.join(", ")}. The stages are: ${Object.keys(stages).join(", ")}.`,
  );
  process.exit(2);
}
const chosen = Object.entries(stages).filter(([name]) => named.length === 0 || named.includes(name));
if (named.length === 0) rmSync(join(root, "coverage"), { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

let total: Tally = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const [name, stage] of chosen) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const tally = stage();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  lines.push(
    `${name.padEnd(10)} ${seconds.padStart(7)} s  ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`,
  );
  total = add(total, tally);
}
console.log(`\n${lines.join("\n")}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed`);
