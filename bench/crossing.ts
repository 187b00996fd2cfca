import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/paths.ts";
import { writeBodies } from "./data.ts";
import { inTurn, type Figure } from "./figure.ts";
import { nncpPair, type NncpPair } from "./nncp.ts";
import { isInstalled, run, shell } from "./process.ts";

const counts = [10_000, 100_000];
const rounds = 5;
/** What an installation runs; bin/sallyport in a checkout would run the sources. */
const program = join(root, "dist/cli/main.js");

/**
 * Submit, export and import of real requests by the command line, three whole processes, against NNCP's four
 * (file, xfer, xfer, toss), which move the same file without looking into it.
 */
export async function benchCrossing(scratch: string): Promise<Figure[]> {
  const cross = await stationPair(scratch);
  const nncp = isInstalled("nncp-file") ? await nncpPair(scratch) : null;
  const figures: Figure[] = [];
  for (const count of counts) {
    const file = join(scratch, `bodies-${count}.jsonl`);
    const bytes = writeBodies(file, count);
    let name = 0;
    const measured = await inTurn(
      rounds,
      async () => count / (await cross(file)),
      nncp === null ? null : async () => count / (await nncp.file(file, `b-${count}-${(name += 1)}.jsonl`)),
    );
    figures.push({
      bench: "crossing",
      work: `${count.toLocaleString("en")} requests (${(bytes / 2 ** 20).toFixed(1)} MiB): submit, export, import, exactly once`,
      unit: "records/s",
      ...measured,
      peer: "NNCP file, xfer, xfer, toss of the same file",
      ...(await sqliteImport(scratch, file, count)),
      goal: "3 times NNCP",
      note: nncp === null ? "NNCP is not installed here (Debian package nncp), so there is no peer" : "",
    });
  }
  if (nncp !== null) figures.push(await recordByRecord(scratch, cross, nncp));
  return figures;
}

/** So many that a run takes half a minute; NNCP's cost grows straight with them. */
const packets = 1000;

/** The same promise from both: each record arrives once, by itself, and is acknowledged by itself. */
async function recordByRecord(
  scratch: string,
  cross: (file: string) => Promise<number>,
  nncp: NncpPair,
): Promise<Figure> {
  const file = join(scratch, `bodies-${packets}.jsonl`);
  writeBodies(file, packets);
  let name = 0;
  const measured = await inTurn(
    rounds,
    async () => packets / (await cross(file)),
    async () => packets / (await nncp.lines(file, `each-${(name += 1)}`)),
  );
  return {
    bench: "crossing",
    work: `${packets.toLocaleString("en")} requests: submit, export, import, exactly once`,
    unit: "records/s",
    ...measured,
    peer: "NNCP, each record a packet, because it keeps account of packets alone",
    goal: "3 times NNCP",
    note: "",
  };
}

/** What SQLite's own shell takes in, as rows of one column, checking nothing. */
async function sqliteImport(
  scratch: string,
  file: string,
  count: number,
): Promise<Pick<Figure, "reference">> {
  if (!isInstalled("sqlite3")) return {};
  const database = join(scratch, `import-${count}.db`);
  const script = `sqlite3 ${database} 'CREATE TABLE t (body TEXT)' '.mode ascii' '.separator "\\037" "\\n"' '.import ${file} t'`;
  const { seconds } = await shell(script);
  return {
    reference: { what: "`sqlite3 .import` of the same lines", value: count / seconds, unit: "records/s" },
  };
}

/** A pair of stations that trust each other, and a way to send a file of bodies across; returns its seconds. */
async function stationPair(scratch: string): Promise<(file: string) => Promise<number>> {
  const passphraseFile = join(scratch, "passphrase");
  writeFileSync(passphraseFile, "only for this measurement\n", { mode: 0o600 });
  const sallyport = async (station: string, ...args: string[]) =>
    run(process.execPath, [
      program,
      ...args,
      "--json",
      "--station",
      join(scratch, station),
      "--passphrase-file",
      passphraseFile,
    ]);

  const sides = { low: "request", high: "response" } as const;
  for (const [name, side] of Object.entries(sides)) {
    await sallyport(name, "station", "init", "--name", name, "--side", side, "--operator", "bench");
  }
  const phrases: Record<string, string> = {};
  for (const name of Object.keys(sides)) {
    const { output } = await sallyport(name, "station", "card", "--out", join(scratch, `${name}.card`));
    phrases[name] = (JSON.parse(output) as { phrase: string }).phrase;
  }
  for (const [own, peer] of [
    ["low", "high"],
    ["high", "low"],
  ] as const) {
    await sallyport(own, "peers", "add", "--card", join(scratch, `${peer}.card`));
    await sallyport(own, "peers", "trust", "--peer", peer, "--phrase", phrases[peer] ?? "");
  }
  let round = 0;
  return async (file) => {
    const medium = join(scratch, `medium-${(round += 1)}`);
    mkdirSync(medium);
    const begun = performance.now();
    await sallyport("low", "requests", "submit", "--file", file, "--kind", "echo", "--user", "alice");
    await sallyport("low", "transfer", "export", "--to", "high", "--medium", medium);
    await sallyport("high", "transfer", "import", "--medium", medium);
    const seconds = (performance.now() - begun) / 1000;
    await settle(sallyport, medium);
    return seconds;
  };
}

/** Brings the receipt back, so that the next export has nothing old to copy again. Not measured. */
async function settle(
  sallyport: (station: string, ...args: string[]) => Promise<unknown>,
  medium: string,
): Promise<void> {
  await sallyport("high", "transfer", "export", "--to", "low", "--medium", medium);
  await sallyport("low", "transfer", "import", "--medium", medium);
}
