import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";

/** What the demo carries: facts of the machine it runs on, so that nothing is shipped and nothing is made up. */
export interface MachineFacts {
  /** JSON lines to be echoed: one a file system, processor and installed package. */
  readonly bodies: readonly string[];
  /** JSON lines to be searched: one an installed package, or a loaded kernel module where there is no package list. */
  readonly documents: readonly string[];
  /** Words to search for, each with a text that its answer must contain. */
  readonly queries: readonly { readonly word: string; readonly finds: string }[];
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
}

/** Enough for a batch that looks like a day's work, and a crossing of seconds. */
const packageLimit = 400;
const queryLimit = 5;

export function machineFacts(): MachineFacts {
  const packages = installedPackages().slice(0, packageLimit);
  return {
    bodies: [...system(), ...fileSystems(), ...packages].map((fact) => JSON.stringify(fact)),
    documents: packages.map((fact) => JSON.stringify(fact)),
    queries: packages
      .filter(({ name }) => /^[a-z]{4,}$/.test(name))
      .slice(0, queryLimit)
      .map(({ name }) => ({ word: name, finds: `"${name}"` })),
  };
}

function installedPackages(): Package[] {
  const debian = lines("dpkg-query", ["-W", "-f", "${Package}\t${Version}\t${binary:Summary}\n"]);
  const packages =
    debian.length > 0
      ? debian
      : lines("rpm", ["-qa", "--qf", "%{NAME}\t%{VERSION}-%{RELEASE}\t%{SUMMARY}\n"]);
  const rows = packages.length > 0 ? packages : kernelModules();
  return rows.map((line) => {
    const [name = "", version = "", summary = ""] = line.split("\t");
    return { name, version, summary };
  });
}

function kernelModules(): string[] {
  return readLines("/proc/modules").map((line) => line.split(" ").slice(0, 2).join("\t"));
}

function fileSystems(): object[] {
  return readLines("/proc/mounts").map((line) => {
    const [device, folder, kind, options] = line.split(" ");
    return { device, folder, kind, options };
  });
}

function system(): object[] {
  return [
    { kernel: type(), release: release(), memoryBytes: totalmem() },
    ...cpus().map(({ model }, index) => ({ processor: index, model })),
  ];
}

function lines(command: string, args: readonly string[]): string[] {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return status === 0 ? split(stdout) : [];
}

/** Empty where the machine doesn't have the file: then it has one fact less to carry. */
function readLines(file: string): string[] {
  try {
    return split(readFileSync(file, "utf8"));
  } catch {
    return [];
  }
}

const split = (text: string): string[] => text.split("\n").filter((line) => line !== "");
