import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import pino from "pino";
import type { Log } from "./kernel.ts";

/** The live file and four before it. */
const keptFiles = 4;

export interface LogOptions {
  readonly level: "error" | "warn" | "info";
  readonly fileMiB: number;
}

/** Five files of 4 MiB: months of faults, and never a full disk. */
const usual: LogOptions = { level: "info", fileMiB: 4 };

/** Facts that may stand in the log. Whatever else somebody hands in is named and left out. */
const allowedFacts = new Set([
  "batch",
  "bytes",
  "code",
  "count",
  "error",
  "face",
  "job",
  "level",
  "milliseconds",
  "operation",
  "part",
  "path",
  "peer",
  "reason",
  "reference",
  "sequence",
  "state",
  "step",
]);

/**
 * A log of JSON lines for people who mend the program, never the audit: written line by line so that a fault that ends the
 * process is in it, rotated by size, and with no fact outside the list above. A disk that refuses the log stops nothing.
 */
export function createLog(path: string, { level, fileMiB }: LogOptions = usual): Log {
  const write = rotatingFile(path, fileMiB * 1024 * 1024);
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
  return {
    info: (facts, message) => logger.info(allowed(facts), message),
    warn: (facts, message) => logger.warn(allowed(facts), message),
    error: (facts, message) => logger.error(allowed(facts), message),
  };
}

/** The allowed facts, and the names of those left out. */
export function allowed(facts: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(facts).filter(([name]) => allowedFacts.has(name));
  const leftOut = Object.keys(facts).filter((name) => !allowedFacts.has(name));
  return { ...Object.fromEntries(kept), ...(leftOut.length === 0 ? {} : { leftOut }) };
}

function rotatingFile(path: string, largestBytes: number): (line: string) => void {
  return (line) => {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) + line.length > largestBytes) rotate(path);
      appendFileSync(path, line, { mode: 0o600 });
    } catch {
      // The work that was logged goes on; its own errors reach the operator.
    }
  };
}

function rotate(path: string): void {
  rmSync(`${path}.${keptFiles}`, { force: true });
  for (let age = keptFiles - 1; age >= 0; age -= 1) {
    const from = age === 0 ? path : `${path}.${age}`;
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${path}.${age + 1}`);
  }
}
