import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { writeRequestLines } from "./data.ts";
import { inTurn, type Figure } from "./figure.ts";
import { run, shell, work } from "./process.ts";

interface Worked {
  readonly seconds: number;
  readonly maxRssMiB: number;
}

const sizes = [{ mebibytes: 102 }, { mebibytes: 1024 }];
const rounds = 5;

/** `seal` and `open` on the same bytes: the second needs what the first wrote. */
export async function benchSealAndOpen(scratch: string, wanted: readonly string[]): Promise<Figure[]> {
  const key = join(scratch, "key.txt");
  const { output } = await shell(`age-keygen -o ${key} 2>/dev/null; age-keygen -y ${key}`);
  const recipient = output.trim();
  const sealer = await bundle("seal-worker");
  const figures: Figure[] = [];
  for (const { mebibytes } of sizes) {
    const source = join(scratch, `lines-${mebibytes}.jsonl`);
    const { bytes, lines } = writeRequestLines(source, mebibytes * 2 ** 20);
    const size = `${(bytes / 2 ** 20).toFixed(0)} MiB of JSONL, ${lines.toLocaleString("en")} lines`;
    const folder = join(scratch, `sealed-${mebibytes}`);
    const theirs = join(scratch, `theirs-${mebibytes}`);
    const rate = (seconds: number) => bytes / 2 ** 20 / seconds;
    const memory: number[] = [];

    const sealOurs = async () => {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      const worked = await work<Worked>("./work-seal.ts", [source, folder, recipient, sealer]);
      memory.push(worked.maxRssMiB);
      return rate(worked.seconds);
    };
    const sealTheirs = async () => {
      const script = `zstd -1 -T0 -q -c ${source} | age -r ${recipient} | tee ${theirs} | sha256sum | sed 's|-|${theirs}|' > ${theirs}.sum; sync -d ${theirs}`;
      return rate((await shell(script)).seconds);
    };
    const reference = rate((await shell(`zstd -1 -T0 -q -c ${source} > /dev/null`)).seconds);
    const sealed = await inTurn(wanted.includes("seal") ? rounds : 1, sealOurs, sealTheirs);
    if (wanted.includes("seal")) {
      figures.push({
        bench: "seal",
        work: `${size}, to parts on disk, encrypted, hashed, signed, synced`,
        unit: "MiB/s",
        ...sealed,
        peer: "`zstd -1 -T0 \\| age \\| tee \\| sha256sum`, synced",
        reference: { what: "`zstd -1 -T0` to /dev/null", value: reference, unit: "MiB/s" },
        goal: "1.3 times the peer, 85 % of the reference, memory under 400 MB and flat",
        note: `resident memory at most ${Math.max(...memory).toFixed(0)} MiB`,
      });
    }
    if (!wanted.includes("open")) continue;

    const openMemory: number[] = [];
    const openOurs = async () => {
      const worked = await work<Worked>("./work-open.ts", [folder, key]);
      openMemory.push(worked.maxRssMiB);
      return rate(worked.seconds);
    };
    const openTheirs = async () => {
      const script = `sha256sum -c --quiet ${theirs}.sum; age -d -i ${key} ${theirs} | zstd -d -q > /dev/null`;
      return rate((await shell(script)).seconds);
    };
    await run("sh", ["-c", `zstd -1 -T0 -q -f ${source} -o ${source}.zst`]);
    const plainOpen = rate((await shell(`zstd -d -q -c ${source}.zst > /dev/null`)).seconds);
    const opened = await inTurn(rounds, openOurs, openTheirs);
    figures.push({
      bench: "open",
      work: `the same back, every line checked`,
      unit: "MiB/s",
      ...opened,
      peer: "`sha256sum -c`, then `age -d \\| zstd -d` (lines not checked)",
      reference: { what: "`zstd -d` to /dev/null", value: plainOpen, unit: "MiB/s" },
      goal: "as fast as the peer",
      note: `${size}; resident memory at most ${Math.max(...openMemory).toFixed(0)} MiB`,
    });
  }
  return figures;
}
