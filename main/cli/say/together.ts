import * as z from "zod";
import type { contract } from "../../../shared/contract/contract.ts";
import { noteSubject } from "../../../shared/contract/notes.ts";
import type { AreaCommands } from "../command.ts";
import { visible, visibleLines } from "../visible.ts";
import { columns } from "./layout.ts";

const about = noteSubject.default("peer");
/** A note is at most 4,000 characters, of four bytes each at most. */
const largestNoteBytes = 16_000;

interface Note {
  readonly peer: string;
  readonly text: string;
  readonly version: number;
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}

function told({ peer, text, version, changedBy, changedAt }: Note): string[] {
  if (version === 0) return [`Nobody has written a note about ${visible(peer)} yet: it has version 0.`];
  const words = text === "" ? ["(empty)"] : visibleLines(text);
  return [...words, "", `version ${version}, by ${visible(changedBy ?? "nobody")} at ${changedAt ?? "-"}`];
}

export const notesCommands: AreaCommands<typeof contract.notes> = {
  show: {
    flags: z.strictObject({ peer: z.string(), about }),
    input: (flags) => ({ peer: String(flags["peer"]), about: noteSubject.parse(flags["about"]) }),
    say: told,
  },
  write: {
    flags: z.strictObject({
      peer: z.string(),
      about,
      file: z.string().describe("a text file with the whole note; - is standard input"),
      seen: z.number().int().min(0),
    }),
    input: async (flags, desk) => ({
      peer: String(flags["peer"]),
      about: noteSubject.parse(flags["about"]),
      text: (await desk.readText(String(flags["file"]), largestNoteBytes)).trimEnd(),
      version: Number(flags["seen"]),
    }),
    say: told,
  },
};

export const presenceCommands: AreaCommands<typeof contract.presence> = {
  list: {
    say: ({ present }) =>
      present.length === 0
        ? ["Nobody is in a window of this station now."]
        : columns(
            ["operator", "called", "at", "page", "has before them", "since"],
            present.map((row) => [
              row.operator,
              row.displayName === "" ? null : row.displayName,
              row.face,
              row.page ?? "elsewhere",
              row.subject === null
                ? null
                : `${row.editing ? "edits " : ""}${row.subject.kind} ${row.subject.name}`,
              row.since,
            ]),
          ),
  },
  // Only a window shows pages.
  tell: null,
};
