import * as z from "zod";
import type { contract } from "../../../shared/contract/contract.ts";
import type { AreaCommands } from "../command.ts";
import { visible } from "../visible.ts";
import { columns, facts, plural } from "./layout.ts";

type Audit = AreaCommands<typeof contract.audit>;

const largestNoteBytes = 8192;

/** Commands of the log's readers: paper, saved searches, the timeline. */
export const auditReaderCommands: Pick<
  Audit,
  "printCheckpoint" | "compareCheckpoint" | "searches" | "saveSearch" | "removeSearch" | "timeline"
> = {
  printCheckpoint: {
    flags: z.strictObject({ out: z.string().describe("The HTML file to write") }),
    input: () => ({}),
    deliver: ({ html }, flags, desk) => desk.write(String(flags["out"]), html, 0o644),
    say: ({ events, code }, flags) => [
      `Wrote the checkpoint of ${plural(events, "event")} to ${visible(String(flags["out"]))}: print it, and keep it away from this machine.`,
      `Code ${code}`,
    ],
  },
  compareCheckpoint: {
    flags: z.strictObject({
      file: z.string().optional().describe("the note as it was scanned or typed; - is standard input"),
      code: z.string().optional().describe("the ten digits of the print, with --events"),
      events: z.number().int().min(1).optional().describe("the number of events of the print"),
      sure: z
        .enum(["yes", "no"])
        .optional()
        .describe("yes: I have typed it twice; what nobody signed raises the alarm as well"),
    }),
    input: async (flags, desk) => ({
      ...(flags["file"] === undefined
        ? {}
        : { text: await desk.readText(String(flags["file"]), largestNoteBytes) }),
      ...(flags["code"] === undefined ? {} : { code: String(flags["code"]) }),
      ...(flags["events"] === undefined ? {} : { events: Number(flags["events"]) }),
      sure: flags["sure"] === "yes",
    }),
    say: ({ verdict, paper, before, now, signed, alarm }) => [
      verdict === "same"
        ? `The log is what the paper says: ${plural(now.events, "event")}.`
        : verdict === "grown"
          ? `The log goes on from what the paper says: ${plural(paper.events, "event")} then, ${now.events} now.`
          : before === null
            ? `The log is NOT what the paper says: it has ${plural(now.events, "event")}, and had ${paper.events}.`
            : "The log is NOT what the paper says.",
      ...facts([
        ["paper", `${paper.events} events, code ${paper.code}`],
        ["log then", before === null ? "it has not that many" : `code ${before.code}`],
        ["log now", `${now.events} events, code ${now.code}`],
        ["signed", signed ? "by this station's own key" : "no: compared as it was typed"],
      ]),
      ...(verdict !== "differs"
        ? ["`audit verify` shows that each event still is what the log says."]
        : alarm
          ? ["An alarm was raised, and the paper's text is kept. Nothing changes until it is settled."]
          : ["No alarm was raised: nobody signed this. Type it once more; if it is right, add --sure yes."]),
    ],
    failed: ({ verdict }) => verdict === "differs",
  },
  searches: {
    say: ({ searches }) =>
      searches.length === 0
        ? ["No search is saved."]
        : columns(
            ["name", "for", "by", "version", "query"],
            searches.map((row) => [row.name, row.for, row.owner, row.version, row.query]),
          ),
  },
  saveSearch: {
    say: (row) => [
      `Saved ${visible(row.name)} for ${row.for}, version ${row.version}: ${visible(row.query)}`,
    ],
  },
  removeSearch: {
    say: (_output, flags) => [`Removed ${visible(String(flags["name"]))}.`],
  },
  timeline: {
    say: ({ buckets, found, searched, whole, gaps, ignored }) => [
      ...columns(
        ["from", "until", "done", "refused", "failed"],
        buckets.map((row) => [
          row.from,
          row.until,
          row.outcomes.done,
          row.outcomes.refused,
          row.outcomes.failed,
        ]),
      ),
      "",
      searched === null
        ? "There was nothing to look through."
        : `${plural(found, "event")} found in ${searched.from} to ${searched.to}${whole ? "" : "; older ones were not looked through"}.`,
      ...gaps.map((gap) => `${gapWords[gap.why]} after event ${gap.after}: ${gap.from} to ${gap.until}`),
      ...ignored.map((piece) => `Means nothing here and was left out: ${visible(piece)}`),
    ],
  },
};

const gapWords = { silent: "Silence", closed: "Closed", back: "Clock set back" } as const;
