import * as z from "zod";
import type { backups } from "../../../shared/contract/backups.ts";
import { operatorName } from "../../../shared/contract/fields.ts";
import type { AreaCommands, Flags } from "../command.ts";
import type { Desk } from "../desk.ts";
import { visible } from "../visible.ts";
import { columns, facts, plural, size } from "./layout.ts";
import { givenShares } from "./recovery.ts";

interface Reviewed {
  readonly restore: {
    readonly backupAt: string;
    readonly restoredAt: string;
    readonly restoredBy: string;
    readonly lineage: string;
    readonly abandoned: { readonly lineage: string; readonly events: number; readonly root: string };
    readonly knownEvents: number;
    readonly reviewedAt: string | null;
  } | null;
  readonly items: readonly {
    readonly kind: string;
    readonly name: string;
    readonly was: string;
    readonly detail: string;
    readonly decision: "kept" | "taken" | null;
  }[];
}

function review({ restore, items }: Reviewed): string[] {
  if (restore === null) return ["This station was never restored from a backup."];
  const open = items.filter(({ decision }) => decision === null).length;
  const lost = restore.knownEvents - restore.abandoned.events;
  return [
    restore.reviewedAt === null
      ? `Restored, and closed: export and import wait until ${open === 0 ? "the review is finished" : `${plural(open, "word")} more ${open === 1 ? "is" : "are"} given`}.`
      : `Restored and reviewed, ${restore.reviewedAt}.`,
    ...facts([
      ["backup of", restore.backupAt],
      ["restored", `${restore.restoredAt} by ${restore.restoredBy}`],
      ["lineage", `${restore.lineage}, in place of ${restore.abandoned.lineage}`],
      ["its log", `${plural(restore.abandoned.events, "event")}, root ${restore.abandoned.root}`],
      ["known lost", lost > 0 ? plural(lost, "event") : "nothing that can be told from here"],
    ]),
    "",
    ...columns(
      ["what", "name", "in the backup", "facts", "word"],
      items.map((item) => [item.kind, item.name, item.was, item.detail, item.decision]),
    ),
    ...(restore.reviewedAt === null
      ? [
          "",
          open === 0
            ? "Next: sallyport station finish-review"
            : "Next, for each: sallyport station review-item --kind KIND --name NAME --decision keep|take",
        ]
      : []),
  ];
}

const openerFlags = {
  operator: operatorName.describe("An administrator in the backup"),
};

/** The passphrase of then: from the common option, else asked for. */
async function opener(flags: Flags, desk: Desk): Promise<{ operator: string; passphrase: string }> {
  return { operator: flags["operator"] as string, passphrase: await desk.passphrase() };
}

export const backupCommands: AreaCommands<typeof backups> = {
  backup: {
    shows: "progress",
    input: ({ out }, desk) => ({ out: desk.absolute(out as string) }),
    say: (made) => [
      made.sentence,
      ...facts([
        ["folder", made.folder],
        ["manifest", made.manifestSha256],
        ["holds", `${plural(made.files, "file")} in ${plural(made.parts, "part")}, ${size(made.bytes)}`],
        ["audit", `${plural(made.events, "event")}, root ${made.root}`],
      ]),
      "It opens with the passphrases of today. Keep the folder away from this machine, and the manifest's hash with your print of the log.",
    ],
  },
  backups: {
    say: ({ backups: made }) =>
      made.length === 0
        ? ["No backup was made yet: sallyport station backup --out DIR"]
        : columns(
            ["made", "by", "size", "events", "checked", "where"],
            made.map((one) => [
              one.madeAt,
              one.madeBy,
              size(one.bytes),
              one.events,
              one.checkedAt,
              `${one.folder}${one.here ? "" : " (not here now)"}`,
            ]),
          ),
  },
  checkBackup: {
    shows: "progress",
    flags: z.strictObject({
      from: z.string(),
      operator: operatorName.describe("For a backup of another station: an operator in it").optional(),
      backupPassphraseFile: z
        .string()
        .describe("That operator's passphrase of then; asked for without it")
        .optional(),
    }),
    input: async ({ from, operator, backupPassphraseFile }, desk) => ({
      from: desk.absolute(from as string),
      ...(operator === undefined
        ? {}
        : {
            operator: operator as string,
            passphrase:
              backupPassphraseFile === undefined
                ? await desk.secret("Passphrase in that backup: ")
                : await desk.existingPassphrase(backupPassphraseFile as string),
          }),
    }),
    say: (checked) => [
      `It opens, and everything in it is as it was written: ${visible(checked.name)}, ${checked.madeAt}.`,
      ...facts([
        ["folder", checked.folder],
        ["manifest", checked.manifestSha256],
        [
          "holds",
          `${plural(checked.files, "file")} in ${plural(checked.parts, "part")}, ${size(checked.bytes)}`,
        ],
        ["audit", `${plural(checked.events, "event")}, root ${checked.root}`],
        ["opened by", checked.openedBy.join(", ")],
      ]),
      ...(checked.noLonger.length === 0
        ? []
        : [
            `No operators here any more, and their old passphrases still open it: ${checked.noLonger.map(visible).join(", ")}.`,
          ]),
    ],
  },
  restore: {
    flags: z.strictObject({
      from: z.string(),
      ...openerFlags,
      head: z.string().optional(),
      shares: z
        .string()
        .describe("in place of the passphrase: files with recovery shares, or - to be asked for them")
        .optional(),
    }),
    input: async (flags, desk) => ({
      from: desk.absolute(flags["from"] as string),
      ...(flags["shares"] === undefined
        ? await opener(flags, desk)
        : { operator: flags["operator"] as string, shares: await givenShares(flags, desk) }),
      ...(flags["head"] === undefined ? {} : { head: desk.absolute(flags["head"] as string) }),
    }),
    say: (restored, flags) => [
      `Restored the ${restored.side} station ${visible(restored.name)} as of ${restored.backupAt}. It exports and imports nothing yet.`,
      ...facts([
        ["directory", restored.directory],
        ["lineage", `${restored.lineage}, in place of ${restored.abandoned.lineage}`],
        ["its log", `${plural(restored.abandoned.events, "event")}, root ${restored.abandoned.root}`],
        [
          "known lost",
          restored.knownEvents > restored.abandoned.events
            ? plural(restored.knownEvents - restored.abandoned.events, "event")
            : "nothing that can be told from here",
        ],
        ["given up", `${plural(restored.batchesGivenUp, "batch", "batches")}; their records wait again`],
        ["manifest", restored.manifestSha256],
        ["signing key", restored.fingerprint],
      ]),
      "Compare the fingerprint with the one that the peer has, and the log's root with a print: a whole station may be made up.",
      "Next: sallyport station review",
      ...(flags["shares"] === undefined
        ? []
        : [
            `Before it, by the same shares: sallyport recovery open --operator ${visible(String(flags["operator"]))}`,
          ]),
    ],
  },
  review: { say: review },
  reviewItem: { say: review },
  finishReview: { say: review },
};
