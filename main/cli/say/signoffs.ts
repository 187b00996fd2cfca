import * as z from "zod";
import type { signoff } from "../../../shared/contract/signoffs.ts";
import type { contract } from "../../../shared/contract/contract.ts";
import type { AreaCommands, Flags } from "../command.ts";
import type { Desk } from "../desk.ts";
import { visible } from "../visible.ts";
import { columns, facts, more } from "./layout.ts";

type Signoff = z.infer<typeof signoff>;

/** What a sign-off says, for the commands that make one. */
export const toldSignoff = (row: Signoff): string[] => [
  row.state === "whole"
    ? `${row.signoff} is signed${row.second === null ? ", by one person: this station asks for no second" : ""}.`
    : `${row.signoff} is signed by ${visible(row.first.by)} and waits for a second person.`,
  ...facts([
    ["what", row.kind],
    ["events", row.events],
    ["root", row.root],
    ["report", row.sha256],
    ["note", row.note],
    ["signed by", `${row.first.by}, ${row.first.at}`],
    ["second", row.second === null ? null : `${row.second.by}, ${row.second.at}`],
  ]),
  ...(row.state === "waiting"
    ? [
        row.seconds.length === 0
          ? "Nobody here can be the second person now."
          : `Second: sallyport signoffs countersign --signoff ${row.signoff} (${visible(row.seconds.join(", "))})`,
      ]
    : []),
];

const held = (row: Signoff): string =>
  row.first.holds && (row.second?.holds ?? true) ? row.state : "A SIGNATURE DOES NOT HOLD";

export const signoffsCommands: AreaCommands<typeof contract.signoffs> = {
  list: {
    say: ({ signoffs, next, unsigned, shiftHours }) => [
      ...(signoffs.length === 0
        ? ["Nobody has signed for anything yet."]
        : columns(
            ["sign-off", "what", "events", "signed by", "at", "second", "state", "note"],
            signoffs.map((row) => [
              row.signoff,
              row.kind,
              row.events,
              row.first.by,
              row.first.at,
              row.second?.by ?? null,
              held(row),
              row.note,
            ]),
          )),
      ...more(next),
      "",
      unsigned === null
        ? "Nothing was done since the last shift that was signed for."
        : `Not signed for: what was done since ${unsigned.since}, event ${unsigned.firstEvent} on.`,
      ...(unsigned?.overdue === true
        ? [`That is longer than the ${shiftHours} hours of this station's profile.`]
        : []),
    ],
    failed: ({ signoffs }) => signoffs.some((row) => !row.first.holds || row.second?.holds === false),
  },
  sign: {
    flags: z.strictObject({ note: z.string().optional().describe("what the next shift should know") }),
    input: async (flags, desk) => ({
      passphrase: await desk.passphrase(),
      ...(flags["note"] === undefined ? {} : { note: String(flags["note"]) }),
    }),
    say: toldSignoff,
  },
  countersign: {
    flags: z.strictObject({
      signoff: z.string().describe("a sign-off of `signoffs list`"),
      signer: z
        .string()
        .optional()
        .describe("who signs, where that is not who is signed in: the second person at this desk"),
      signerPassphraseFile: z.string().optional().describe("their passphrase; asked for without it"),
      signerCode: z.string().optional().describe("a code of their second factor"),
    }),
    input: async (flags, desk) => ({
      signoff: String(flags["signoff"]),
      ...(flags["signer"] === undefined ? {} : { operator: String(flags["signer"]) }),
      ...(flags["signerCode"] === undefined ? {} : { code: String(flags["signerCode"]) }),
      passphrase: await signerPassphrase(flags, desk),
    }),
    say: toldSignoff,
  },
};

function signerPassphrase(flags: Flags, desk: Desk): Promise<string> {
  const file = flags["signerPassphraseFile"];
  if (file !== undefined) return desk.existingPassphrase(String(file));
  const signer = flags["signer"];
  return signer === undefined ? desk.passphrase() : desk.secret(`Passphrase of ${visible(String(signer))}: `);
}
