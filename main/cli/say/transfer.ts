import * as z from "zod";
import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import type { readBack } from "../../../shared/contract/transfer.ts";
import type { AreaCommands, Flags } from "../command.ts";
import type { Desk } from "../desk.ts";
import { visible, visibleLines } from "../visible.ts";
import { columns, facts, more, plural, size } from "./layout.ts";

const readBackSentence: Record<z.infer<typeof readBack>, string> = {
  remounted: "Safe to carry: every byte and every name was read back from the medium itself.",
  direct:
    "Every byte was read back past the cache, but the names were not read anew: unmount the medium, then run transfer inspect on it once more.",
  none: "Not proved: this medium doesn't let us read back past the cache. Unmount it, plug it in again and run transfer inspect.",
};

const mediumInput = (flags: Flags, desk: Desk): { medium: string } => ({
  medium: desk.absolute(String(flags["medium"])),
});

type Bag = {
  bag: string;
  batch: string | null;
  state: string;
  reason: string | null;
  imported: number;
  duplicate: number;
  quarantined: number;
};

const bagColumns = (bags: readonly Bag[]): string[] =>
  bags.length === 0
    ? ["No bag on this medium."]
    : columns(
        ["bag", "state", "reason", "imported", "duplicate", "quarantined"],
        bags.map((bag) => [bag.bag, bag.state, bag.reason, bag.imported, bag.duplicate, bag.quarantined]),
      );

/** A thousand bags at most, some 300 bytes each. */
const largestInspectionBytes = 1024 * 1024;

const inspection = z.object({ bags: z.array(z.object({ bag: z.string(), sha256: z.string().nullable() })) });

/** What an inspection printed with --json, as far as an import is bound to it. */
function inspectedBags(text: string): { bag: string; sha256: string | null }[] {
  try {
    return inspection.parse(JSON.parse(text)).bags.map(({ bag, sha256 }) => ({ bag, sha256 }));
  } catch (error) {
    throw new Refusal(
      "bad-input",
      "The file given as --expect is not what `transfer inspect --json` prints.",
      { path: "expect", safe: "Nothing was imported." },
      { cause: error },
    );
  }
}

const goodStates = ["imported", "already-imported", "own"];

export const transferCommands: AreaCommands<typeof contract.transfer> = {
  export: {
    shows: "progress",
    input: (flags, desk) => ({ to: String(flags["to"]), ...mediumInput(flags, desk) }),
    say: (output, flags) => {
      const written = [...output.again, ...(output.batch === null ? [] : [output])];
      if (written.length === 0) return [`Nothing to carry to ${visible(String(flags["to"]))}.`];
      const worst = (["none", "direct", "remounted"] as const).find((one) =>
        written.some((batch) => (batch.readBack ?? "none") === one),
      );
      return [
        ...written.map(
          (batch) =>
            `Batch ${batch.sequence ?? "?"} (${batch.batch ?? "?"}): ${plural(batch.records, "record")}, ${size(batch.bytes)} in ${batch.volumes.map(visible).join(", ")}${batch === output ? "" : " (written again)"}`,
        ),
        readBackSentence[worst ?? "none"],
      ];
    },
  },
  inspect: { shows: "progress", input: mediumInput, say: ({ bags }) => bagColumns(bags) },
  explain: {
    input: mediumInput,
    say: ({ bags, ignored }) => [
      ...(bags.length === 0 ? ["No bag on this medium."] : []),
      ...bags.flatMap((bag) => [
        `${visible(bag.bag)}: ${visible(bag.sentence)}`,
        ...[bag.detail, bag.remedy].filter((text) => text !== "").map((text) => `  ${visible(text)}`),
      ]),
      ...(ignored.length === 0 ? [] : [`Left alone: ${ignored.map(visible).join(", ")}`]),
    ],
  },
  import: {
    shows: "progress",
    flags: z.strictObject({
      medium: z.string().describe("The folder of the stick, or any folder standing in for one"),
      expect: z
        .string()
        .describe(
          "A file that `transfer inspect --json` printed: where the medium differs, nothing is imported",
        )
        .optional(),
    }),
    input: async (flags, desk) => ({
      ...mediumInput(flags, desk),
      ...(flags["expect"] === undefined
        ? {}
        : { expect: inspectedBags(await desk.readText(String(flags["expect"]), largestInspectionBytes)) }),
    }),
    say: ({ bags }) => [
      ...bagColumns(bags),
      ...(bags.every((bag) => goodStates.includes(bag.state))
        ? []
        : ["", "Not everything was imported. What to do: sallyport transfer explain --medium DIR"]),
    ],
    failed: ({ bags }) => !bags.every((bag) => goodStates.includes(bag.state)),
  },
  ledger: {
    say: ({ batches }) =>
      batches.length === 0
        ? ["No batches yet."]
        : columns(
            ["peer", "direction", "number", "state", "batch"],
            batches.map((row) => [row.peer, row.direction, row.sequence, row.state, row.batch]),
          ),
  },
  history: {
    say: ({ batches, next }) => [
      ...columns(
        ["peer", "direction", "number", "state", "records", "bytes", "read back", "created", "settled"],
        batches.map((row) => [
          row.peer,
          row.direction,
          row.sequence,
          row.state,
          row.records,
          row.bytes,
          row.readBack,
          row.createdAt,
          row.settledAt,
        ]),
      ),
      ...more(next),
    ],
  },
  outbox: {
    say: ({ peers }) =>
      peers.flatMap((peer) => [
        `${visible(peer.peer)}: ${plural(peer.requests, "request")}, ${plural(peer.responses, "response")} and ${plural(peer.receipts, "receipt")} wait; ${plural(peer.sealed.length, "sealed batch", "sealed batches")} not yet imported.`,
        ...(peer.missing.length === 0 ? [] : [`  Missing from it: ${peer.missing.join(", ")}`]),
      ]),
  },
  quarantine: {
    say: ({ lines, next }) =>
      lines.length === 0
        ? ["No refused lines."]
        : [
            ...columns(
              ["batch", "part", "line", "reason"],
              lines.map((line) => [line.batch, line.part, line.line, line.reason]),
            ),
            ...more(next),
          ],
  },
  quarantined: {
    say: (line) => [
      visible(line.sentence),
      visible(line.remedy),
      ...facts([
        ["reason", line.reason],
        ["bytes", line.bytes],
        ["sha256", line.sha256],
      ]),
      "",
      ...visibleLines(line.text),
    ],
  },
  alarms: {
    say: ({ alarms }) =>
      alarms.length === 0
        ? ["No alarm."]
        : alarms.flatMap((alarm) => [
            `${alarm.since}  ${alarm.kind}  ${visible(alarm.peer)}${alarm.sequence === null ? "" : ` ${alarm.sequence}`}  ${alarm.reason ?? visible(alarm.detail)}`,
            ...columns(
              ["batch", "sha256 of batch.json", "made", "here"],
              alarm.envelopes.map((each) => [each.batch, each.sha256, each.createdAt, each.state]),
            ),
          ]),
  },
  jobs: {
    say: ({ jobs }) =>
      jobs.length === 0
        ? ["No exports or imports in this run of the station."]
        : columns(
            ["job", "kind", "state", "peer", "number", "bytes", "now"],
            jobs.map((job) => [
              job.job,
              job.kind,
              job.state,
              job.peer,
              job.sequence,
              size(job.bytes),
              job.sentence,
            ]),
          ),
  },
  cancel: { say: () => ["It stops at its next safe point; nothing is half-written."] },
  skip: { say: (output) => [`Given up. The next number expected is ${output.next}.`] },
  settleFork: { say: () => ["Settled. What the ledger holds stands; the evidence and both events stay."] },
  giveUp: {
    say: ({ batch, records }) => [
      `${visible(batch)} is given up. ${plural(records, "record")} ${records === 1 ? "waits" : "wait"} again; the next batch tells the peer that this number will never come.`,
    ],
  },
};

export const mediaCommands: AreaCommands<typeof contract.media> = {
  list: {
    say: ({ media }) =>
      media.length === 0
        ? ["No removable media are mounted. Any folder can stand in: --medium DIR"]
        : columns(
            ["path", "label", "file system", "size", "free", "read back"],
            media.map((medium) => [
              medium.path,
              medium.label,
              medium.fileSystem,
              size(medium.sizeBytes),
              size(medium.freeBytes),
              medium.readBack,
            ]),
          ),
  },
  look: {
    input: mediumInput,
    say: (medium) => [
      visible(medium.sentence),
      ...facts([
        ["path", medium.path],
        ["file system", medium.fileSystem],
        ["free", size(medium.freeBytes)],
        ["read back", medium.readBack],
      ]),
    ],
  },
};
