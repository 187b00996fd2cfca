import { join } from "node:path";
import * as z from "zod";
import type { contract } from "../../../shared/contract/contract.ts";
import { recoveryBounds } from "../../../shared/contract/recovery.ts";
import { linesOfFile, writeSheet } from "../../../shared/recovery-sheet.ts";
import { faultOfLine, lineLetters, plainLetters } from "../../../shared/share-lines.ts";
import type { AreaCommands, Flags } from "../command.ts";
import type { Desk } from "../desk.ts";
import { visible } from "../visible.ts";
import { facts, plural } from "./layout.ts";

const sharesFlag = z
  .string()
  .optional()
  .describe("files with the shares, with commas between; they are asked for without it");

type Shown = {
  set: {
    number: number;
    threshold: number;
    shares: number;
    madeAt: string;
    madeBy: string;
    drillDueAt: string;
    drillDue: boolean;
    lastDrill: { at: string; operator: string; shares: number[] } | null;
  } | null;
  offered: { number: number; id: string; asks: { share: number; line: number }[] } | null;
  opening: { at: string; operator: string; reviewedAt: string | null; reviewedBy: string | null } | null;
};

const shown = ({ set, offered, opening }: Shown): string[] => [
  ...(set === null
    ? ["There is no recovery set in force: whoever loses the last passphrase loses the station."]
    : [
        `Recovery set ${set.number}: any ${set.threshold} of ${set.shares} shares open this station.`,
        ...facts([
          ["made", set.madeAt],
          ["by", set.madeBy],
          [
            "last drill",
            set.lastDrill === null
              ? "never"
              : `${set.lastDrill.at} by ${set.lastDrill.operator}, shares ${set.lastDrill.shares.join(", ")}`,
          ],
          ["drill due", set.drillDue ? `${set.drillDueAt} (overdue)` : set.drillDueAt],
        ]),
      ]),
  ...(offered === null
    ? []
    : [
        `Set ${offered.number} is made and not in force. Type back: ${offered.asks.map(({ share, line }) => `line ${line} of share ${share}`).join(", ")}.`,
        `To do so: sallyport recovery confirm --set ${offered.id}`,
      ]),
  ...(opening === null
    ? []
    : [
        `Opened by recovery shares at ${opening.at}, for ${visible(opening.operator)}: ${opening.reviewedAt === null ? "not reviewed yet" : `reviewed ${opening.reviewedAt} by ${visible(opening.reviewedBy ?? "-")}`}.`,
      ]),
];

export const recoveryCommands: AreaCommands<typeof contract.recovery> = {
  show: { say: shown },
  create: {
    flags: z.strictObject({
      threshold: z.number().int().default(2).describe("so many shares open the station, 2 to 8"),
      sheets: z.number().int().default(3).describe("so many sheets are made, 2 to 15"),
      into: z
        .string()
        .describe("an existing folder outside the station, for the sheets to print; mode 0600 each"),
    }),
    input: async (flags, desk) => {
      await desk.folderOutside(String(flags["into"]));
      return {
        threshold: Number(flags["threshold"]),
        shares: Number(flags["sheets"]),
        passphrase: await desk.passphrase(),
      };
    },
    deliver: async ({ set, station, shares }, flags, desk) => {
      for (const { share, lines } of shares) {
        const sheet = writeSheet({ station, set, share, lines });
        await desk.write(join(String(flags["into"]), sheetName(station.name, set, share)), sheet, 0o600);
      }
    },
    // The sheets hold the shares; what a program captures of a command must not.
    document: ({ set, station, shares }, flags) => ({
      set,
      station,
      sheets: shares.map(({ share, ask }) => ({
        share,
        ask,
        file: join(String(flags["into"]), sheetName(station.name, set, share)),
      })),
    }),
    say: ({ set, station, shares }, flags) => [
      `Wrote ${plural(shares.length, "sheet")} to ${visible(String(flags["into"]))}:`,
      ...shares.map(({ share }) => `  ${visible(sheetName(station.name, set, share))}`),
      "They are shown nowhere else. Print each, hand each to another person, then take the files off the disk.",
      `Not in force yet. Type one line of each back from paper: sallyport recovery confirm --set ${set.id}`,
      ...shares.map(({ share, ask }) => `  line ${ask} of share ${share}`),
      "An older set stays good until then; after that its shares open nothing: collect and shred them.",
    ],
  },
  confirm: {
    flags: z.strictObject({
      set: z.string().describe("the set's id, as `recovery create` and `recovery show` give it"),
      linesFile: z
        .string()
        .optional()
        .describe("a file with the lines asked for, one a row as `1: XXXXX XXXXX XXXXX XXXXX`"),
    }),
    input: async (flags, desk) => ({
      set: String(flags["set"]),
      lines: await confirmingLines(flags, desk),
    }),
    say: shown,
  },
  drill: {
    flags: z.strictObject({ shares: sharesFlag }),
    input: async (flags, desk) => ({
      passphrase: await desk.passphrase(),
      shares: await givenShares(flags, desk),
    }),
    say: ({ at, set, shares, operator }) => [
      `Shares ${shares.join(", ")} of set ${set} and the passphrase of ${visible(operator)} open this station. Proven ${at}; nothing was revealed.`,
    ],
  },
  open: {
    flags: z.strictObject({
      operator: z.string().describe("an administrator, or a new name, who becomes one"),
      shares: sharesFlag,
      newPassphraseFile: z.string().optional().describe("their new passphrase; asked for without it"),
      second: z.string().optional().describe("another who may agree and lost the passphrase too"),
      secondPassphraseFile: z
        .string()
        .optional()
        .describe("the second's new passphrase; asked for without it"),
    }),
    input: async (flags, desk) => {
      const operator = String(flags["operator"]);
      const shares = await givenShares(flags, desk);
      const passphrase = await desk.newPassphrase(
        textFlag(flags, "newPassphraseFile"),
        `Choose a new passphrase for ${operator}`,
      );
      const second = textFlag(flags, "second");
      if (second === undefined) return { operator, shares, passphrase };
      const file = textFlag(flags, "secondPassphraseFile");
      const secondPassphrase = await desk.newPassphrase(file, `Choose a new passphrase for ${second}`);
      return { operator, shares, passphrase, second, secondPassphrase };
    },
    say: ({ operator, second, made, set, masterVersion }) => [
      `The station is open again: ${visible(operator)} ${made ? "is a new administrator" : "has a new passphrase"}.`,
      ...(second === null ? [] : [`${visible(second)} has a new passphrase too.`]),
      `Every session was ended. Master key ${masterVersion} is in force. Recovery set ${set} is used up: its shares open nothing.`,
      "Next: sign in, review (sallyport recovery review --note …), and make a new set (sallyport recovery create).",
    ],
  },
  review: { say: shown },
};

function sheetName(station: string, set: { number: number; shares: number }, share: number): string {
  return `${station}-recovery-set${set.number}-share${share}of${set.shares}.html`;
}

function textFlag(flags: Flags, name: string): string | undefined {
  return flags[name] === undefined ? undefined : String(flags[name]);
}

/** Far more than a sheet has. */
const largestShareBytes = 128 * 1024;

/** Shares from the files that `--shares` names; without it, or as `-`, they are asked for line by line. */
export async function givenShares(flags: Flags, desk: Desk): Promise<string[]> {
  const files = textFlag(flags, "shares");
  if (files !== undefined && files !== "-") {
    const texts = files.split(",").map((file) => desk.readText(file.trim(), largestShareBytes));
    return (await Promise.all(texts)).map(linesOfFile);
  }
  const shares: string[] = [];
  while (shares.length < recoveryBounds.shares.most) {
    const share = await typedShare(desk, shares.length + 1);
    if (share === "") break;
    shares.push(share);
  }
  return shares;
}

/** Line by line, each checked as it is typed; the last is shorter, or an empty one follows it. */
async function typedShare(desk: Desk, place: number): Promise<string> {
  const lines: string[] = [];
  for (;;) {
    const number = lines.length + 1;
    const end = number === 1 && place > 1 ? " (Enter alone when there are no more shares)" : "";
    const line = await desk.secret(`Share ${place}, line ${number}${end}: `);
    const letters = plainLetters(line);
    if (letters === "") return lines.join("\n");
    if (faultOfLine(line, number, letters.length < lineLetters) !== null) {
      desk.note(`That line is typed wrong, or is not line ${number}. Once more.`);
      continue;
    }
    lines.push(letters);
    if (letters.length < lineLetters) return lines.join("\n");
  }
}

async function confirmingLines(flags: Flags, desk: Desk): Promise<{ share: number; line: string }[]> {
  const file = textFlag(flags, "linesFile");
  if (file !== undefined) {
    const rows = (await desk.readText(file, largestShareBytes))
      .split("\n")
      .filter((row) => row.trim() !== "");
    return rows.map((row) => ({
      share: Number.parseInt(row, 10),
      line: row.replace(/^\s*\d+\s*:/, "").trim(),
    }));
  }
  const { offered } = await desk.station.recovery.show({});
  const lines: { share: number; line: string }[] = [];
  for (const { share, line } of offered?.asks ?? []) {
    lines.push({ share, line: await desk.secret(`Line ${line} of share ${share}, from its paper: `) });
  }
  return lines;
}
