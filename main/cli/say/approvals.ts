import * as z from "zod";
import type { contract } from "../../../shared/contract/contract.ts";
import { approvalStrings } from "../../../shared/strings/approvals.ts";
import { stepTitle } from "../../../shared/strings/step-titles.ts";
import type { AreaCommands, Flags } from "../command.ts";
import type { Desk } from "../desk.ts";
import { visible } from "../visible.ts";
import { columns, facts } from "./layout.ts";

type Approval = {
  approval: string;
  operation: string;
  input: string;
  summary: string;
  requester: string;
  state: string;
};

const aboutApproval = (row: Approval): string[] => [
  `${row.approval} is ${row.state}: ${visible(stepTitle(row))}, asked by ${visible(row.requester)}.`,
];

const { reasons } = approvalStrings.who;
type Standing = { operator: string; reason: keyof typeof reasons; until: string | null };

/** `bob: may agree` or why not, and until when. */
function standingOf(one: Standing, requester: string): [string, string] {
  const said = reasons[one.reason];
  const why = typeof said === "string" ? said : said(visible(requester));
  const until = one.until === null ? "" : `, may from ${one.until}`;
  return [visible(one.operator), one.reason === "may" ? "may agree" : `may not: ${why}${until}`];
}

export const approvalsCommands: AreaCommands<typeof contract.approvals> = {
  list: {
    say: ({ approvals }) =>
      approvals.length === 0
        ? ["Nothing waits for a second person."]
        : columns(
            ["approval", "step", "state", "asked by", "asked at", "approver"],
            approvals.map((row) => [
              row.approval,
              visible(stepTitle(row)),
              row.state,
              row.requester,
              row.requestedAt,
              row.approver,
            ]),
          ),
  },
  show: {
    say: (row) => [
      `${visible(stepTitle(row))}. (${row.summary}.)`,
      ...facts([
        ["approval", row.approval],
        ["operation", row.operation],
        ["input", visible(row.input)],
        ["input sha256", row.inputSha256],
        ["acts on", visible(row.actsOn)],
        ["state sha256", row.actsOnSha256],
        ["as when asked", row.asAsked ? "yes" : "no: an agreement would be void"],
        ["digest", row.digest],
        ["asked by", row.requester],
        ["asked at", row.requestedAt],
        ["state", row.reason === null ? row.state : `${row.state} (${visible(row.reason)})`],
        ["agree until", row.approveBy],
        ["agreed by", row.approver],
        ["do it until", row.executeBy],
      ]),
      ...(row.state === "waiting"
        ? [
            "Who may agree:",
            ...facts(row.standing.map((one) => standingOf(one, row.requester))),
            `To agree: sallyport approvals approve --approval ${row.approval} --digest ${row.digest}`,
          ]
        : []),
    ],
  },
  approve: {
    flags: z.strictObject({
      approval: z.string().describe("a request of `approvals list`"),
      digest: z.string().describe("the digest that you looked at, 64 hex digits"),
      approver: z
        .string()
        .optional()
        .describe("who agrees, where that is not who is signed in: the second person at this desk"),
      approverPassphraseFile: z.string().optional().describe("their passphrase; asked for without it"),
      approverCode: z.string().optional().describe("a code of their second factor"),
    }),
    input: async (flags, desk) => ({
      approval: String(flags["approval"]),
      digest: String(flags["digest"]),
      ...(flags["approver"] === undefined ? {} : { operator: String(flags["approver"]) }),
      ...(flags["approverCode"] === undefined ? {} : { code: String(flags["approverCode"]) }),
      passphrase: await approverPassphrase(flags, desk),
    }),
    say: (row) => [
      ...aboutApproval(row),
      `${visible(row.requester)} may do it until ${row.executeBy ?? "-"}.`,
    ],
  },
  refuse: { say: aboutApproval },
};

function approverPassphrase(flags: Flags, desk: Desk): Promise<string> {
  const file = flags["approverPassphraseFile"];
  if (file !== undefined) return desk.existingPassphrase(String(file));
  const approver = flags["approver"];
  return approver === undefined
    ? desk.passphrase()
    : desk.secret(`Passphrase of ${visible(String(approver))}: `);
}
