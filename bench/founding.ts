import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/paths.ts";
import type { Figure } from "./figure.ts";
import { run } from "./process.ts";

const rounds = 5;
/** What an installation runs. */
const program = join(root, "dist/cli/main.js");

/**
 * From an empty folder to work in the outbox, as whole processes with the real price of a passphrase: found the station,
 * open it, hand out its card, submit the first request.
 */
export async function benchFounding(scratch: string): Promise<Figure[]> {
  const folder = join(scratch, "founding");
  mkdirSync(folder);
  writeFileSync(join(folder, "passphrase"), "only for this measurement\n", { mode: 0o600 });
  writeFileSync(join(folder, "first.jsonl"), '{"first":true}\n');
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const station = join(folder, `low-${round}`);
    const commands = [
      ["station", "init", "--name", "low", "--side", "request", "--operator", "bench"],
      ["watch", "summary"],
      ["station", "card", "--out", join(folder, `low-${round}.card`)],
      ["requests", "submit", "--kind", "echo", "--user", "bench", "--file", join(folder, "first.jsonl")],
    ];
    const common = ["--json", "--station", station, "--passphrase-file", join(folder, "passphrase")];
    const begun = performance.now();
    for (const command of commands) await run(process.execPath, [program, ...command, ...common]);
    seconds.push((performance.now() - begun) / 1000);
  }
  return [
    {
      bench: "founding",
      work: "from nothing to a first request in the outbox: found, open, card, submit",
      unit: "s",
      ours: seconds,
      peer: "none",
      theirs: [],
      goal: "30 s of machine time",
      note: "four processes, each with Argon2id at its calibrated price",
    },
  ];
}
