import * as z from "zod";
import type { contract } from "../../../shared/contract/contract.ts";
import { reportKind } from "../../../shared/contract/reports.ts";
import type { AreaCommands, Flags } from "../command.ts";
import { visible } from "../visible.ts";
import { facts, plural } from "./layout.ts";
import { toldSignoff } from "./signoffs.ts";

const largestBytes = 16 * 1024 * 1024;
const file = z.string().describe("a report that `reports make` wrote");

export const reportsCommands: AreaCommands<typeof contract.reports> = {
  make: {
    flags: z.strictObject({
      kind: reportKind,
      from: z.number().int().min(1).optional().describe("the first event that it is about"),
      to: z.number().int().min(1).optional().describe("the last event that it is about"),
      out: z.string().describe("The HTML file to write"),
    }),
    input: (flags) => ({
      kind: reportKind.parse(flags["kind"]),
      ...(flags["from"] === undefined ? {} : { from: Number(flags["from"]) }),
      ...(flags["to"] === undefined ? {} : { to: Number(flags["to"]) }),
    }),
    deliver: ({ html }, flags, desk) => desk.write(String(flags["out"]), html, 0o644),
    say: (made, flags) => [
      `Wrote the report to ${visible(String(flags["out"]))}, made from the log of ${plural(made.events, "event")}.`,
      ...facts([
        ["about", made.to < made.from ? "no event" : `events ${made.from} to ${made.to}`],
        ["sha256", made.sha256],
      ]),
      ...(made.people.length === 0 ? [] : [`To review: ${visible(made.people.join(", "))}`]),
    ],
  },
  recompute: {
    flags: z.strictObject({ file }),
    input: async (flags, desk) => ({ html: await desk.readText(String(flags["file"]), largestBytes) }),
    say: (result) => [
      result.same
        ? `The same to the byte: it comes out of the log of ${plural(result.events, "event")}.`
        : result.purgedSince > 0
          ? `NOT the same: ${plural(result.purgedSince, "event")} that it was made from were purged since.`
          : `NOT the same: from line ${result.firstDifference ?? "?"} on, the file says something else than the log.`,
      ...facts([
        ["the file", result.sha256],
        ["from the log", result.sha256Now],
      ]),
    ],
    failed: ({ same }) => !same,
  },
  signOff: {
    flags: z.strictObject({
      file,
      keep: z.string().optional().describe("operators whose access is right, with commas between"),
      change: z.string().optional().describe("operators whose access must change, with commas between"),
      note: z.string().optional().describe("what was found"),
    }),
    input: async (flags, desk) => ({
      html: await desk.readText(String(flags["file"]), largestBytes),
      reviewed: [...named(flags, "keep", true), ...named(flags, "change", false)],
      passphrase: await desk.passphrase(),
      ...(flags["note"] === undefined ? {} : { note: String(flags["note"]) }),
    }),
    say: toldSignoff,
  },
};

function named(flags: Flags, flag: string, keep: boolean): { operator: string; keep: boolean }[] {
  return String(flags[flag] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((operator) => ({ operator, keep }));
}
