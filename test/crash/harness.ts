import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { buildProgram, runCommand } from "../support/command-line.ts";
import type { Answer } from "../support/command-line.ts";
import { credentials } from "../support/stations.ts";
import type { Station } from "../support/stations.ts";

/** One command that is stopped at each of its steps, and what must be true when it ran again. */
export interface Trial {
  /** Stations and sticks as they are before the command; copied for each point. */
  prepared: string;
  station: Station;
  /** The command in a copy of the prepared folder. */
  args: (folder: string) => readonly string[];
  /** What must come out the same as without an interruption. */
  state: (folder: string) => Promise<unknown>;
  /** Exit code of the uninterrupted command. */
  exitCode: number;
}

/** Where the command is stopped: by SIGKILL, or by a disk that is full once. */
export type Stop = "SALLYPORT_CRASH_AT" | "SALLYPORT_DISK_FULL_AT";

/** Two at a time: one for each core of the smallest machine that runs these. */
const width = 2;

/** The names of the steps of an uninterrupted run, in order, and the state that it leaves. */
export async function reference(trial: Trial, root: string): Promise<{ steps: string[]; state: unknown }> {
  buildProgram();
  const folder = copyPrepared(trial, root, "reference");
  const log = join(root, "steps");
  rmSync(log, { force: true });
  const answer = await run(trial, folder, { SALLYPORT_STEP_LOG: log });
  if (!endsAs(answer, trial.exitCode)) throw new Error(`uninterrupted: ${told(answer)}`);
  const steps = readFileSync(log, "utf8").split("\n").slice(0, -1);
  return { steps, state: await trial.state(folder) };
}

/** Stops the command at every step and runs it again; returns each point whose end is not the reference's. */
export async function stopEverywhere(
  trial: Trial,
  root: string,
  stop: Stop,
  known: { steps: readonly string[]; state: unknown },
): Promise<string[]> {
  const faults: string[] = [];
  const points = known.steps.map((name, index) => ({ name, at: index + 1 }));
  const next = (): { name: string; at: number } | undefined => points.shift();
  const worker = async (): Promise<void> => {
    for (let point = next(); point !== undefined; point = next()) {
      const folder = copyPrepared(trial, root, `point-${point.at}`);
      try {
        const fault = await stopOnce(trial, folder, stop, point.at, known.state);
        if (fault !== null) faults.push(`${stop}=${point.name}: ${fault}`);
      } catch (error) {
        faults.push(`${stop}=${point.name}: ${String(error)}`);
      }
      rmSync(folder, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return faults;
}

async function stopOnce(
  trial: Trial,
  folder: string,
  stop: Stop,
  at: number,
  expected: unknown,
): Promise<string | null> {
  const stopped = await run(trial, folder, { [stop]: String(at) });
  const fault = stop === "SALLYPORT_CRASH_AT" ? deathFault(stopped) : sentenceFault(stopped, trial.exitCode);
  if (fault !== null) return fault;
  const again = await run(trial, folder, {});
  if (!endsAs(again, trial.exitCode)) return `the second run ended otherwise: ${told(again)}`;
  const state = await trial.state(folder);
  return isDeepStrictEqual(comparable(state, stop), comparable(expected, stop))
    ? null
    : `another end state: ${difference(state, expected)}`;
}

/** Whether a command came to its own end: import exits 1 for a refused bag as well as for a failure. */
function endsAs(answer: Answer, exitCode: number): boolean {
  return answer.exitCode === exitCode && !/^\{\s*"error":/.test(answer.stdout);
}

/**
 * A batch that found no room leaves those behind it verified and waiting; each owes a receipt of that too,
 * which an undisturbed run never writes.
 */
function comparable(state: unknown, stop: Stop): unknown {
  return stop === "SALLYPORT_CRASH_AT" ? state : { ...(state as object), receipts: null };
}

function deathFault(answer: Answer): string | null {
  return answer.signal === "SIGKILL" ? null : `did not die: ${told(answer)}`;
}

/** A full disk must end in words that an operator understands, or be survived. */
function sentenceFault(answer: Answer, exitCode: number): string | null {
  const { stdout } = answer;
  if (endsAs(answer, exitCode)) return null;
  try {
    const { error, bags } = JSON.parse(stdout) as {
      error?: { code: string; message: string };
      bags?: { state: string }[];
    };
    // Import says it of the bag that found no room, and goes on with the others.
    if (error === undefined) {
      return bags?.some(({ state }) => state === "no-room") ? null : `no word of it: ${told(answer)}`;
    }
    const isSentence =
      /^[A-Z][^{}]* [^{}]*[.:)]$/s.test(error.message) && !/\bat .*:\d+:\d+/.test(error.message);
    return answer.exitCode === 1 && isSentence && error.code !== "internal"
      ? null
      : `no sentence: ${told(answer)}`;
  } catch {
    return `no document: ${told(answer)}`;
  }
}

/** The fields that differ, for somebody who reads a failed test. */
function difference(state: unknown, expected: unknown): string {
  const [got, wanted] = [state as Record<string, unknown>, expected as Record<string, unknown>];
  return Object.keys(wanted)
    .filter((field) => !isDeepStrictEqual(got[field], wanted[field]))
    .map(
      (field) =>
        `${field}: ${JSON.stringify(got[field])} where ${JSON.stringify(wanted[field])} was expected`,
    )
    .join("; ")
    .slice(0, 1000);
}

function copyPrepared(trial: Trial, root: string, name: string): string {
  const folder = join(root, name);
  if (existsSync(folder)) rmSync(folder, { recursive: true });
  mkdirSync(folder, { recursive: true });
  cpSync(trial.prepared, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

/** The trial's station as it lies in a copy. */
export function stationIn(folder: string, station: Station): Station {
  return {
    ...station,
    directory: join(folder, station.name),
    passphraseFile: join(folder, `${station.name}.passphrase`),
  };
}

function run(trial: Trial, folder: string, env: Record<string, string>): Promise<Answer> {
  const station = stationIn(folder, trial.station);
  return runCommand([...trial.args(folder), "--json"], { ...credentials(station), env, built: true });
}

function told(answer: Answer): string {
  const end = answer.signal ?? `exit ${answer.exitCode}`;
  return `${end} ${answer.stdout.slice(0, 600)} ${answer.stderr.slice(0, 600)}`;
}
