import { dirname } from "node:path";
import * as z from "zod";
import { contract } from "../../../shared/contract/contract.ts";
import { only as onlySchema } from "../../../shared/contract/operators.ts";
import { invitationText, readInvitation } from "../../../shared/invitation.ts";
import { narrowingText } from "../../../shared/narrowing.ts";
import type { roleNames } from "../../../shared/roles.ts";
import type { AreaCommands, Flags } from "../command.ts";
import type { Desk } from "../desk.ts";
import { UsageError } from "../options.ts";
import { visible } from "../visible.ts";
import { columns, facts } from "./layout.ts";

const rolesFlag = z
  .string()
  .describe("roles, with commas between: viewer, operator, approver, auditor, administrator");

/** The contract checks the words; a person separates them by commas. */
function rolesOf(flags: Flags): (typeof roleNames)[number][] {
  const words = String(flags["roles"]).split(",");
  return words.map((word) => word.trim()) as (typeof roleNames)[number][];
}

/** Compare and set: `operators list` shows it, and a change by somebody else meanwhile makes it stale. */
const seenFlag = z.number().int().min(0).describe("the version that you looked at, as the list shows it");
const onlyFlag = z
  .string()
  .optional()
  .describe("narrows roles: operator:peer=high,operator:kind=echo; none widens them again");

type NarrowingInput = z.input<typeof onlySchema>;

/** `operator:peer=high,operator:peer=far`: pairs with commas between, a name each. */
function onlyOf(flags: Flags): NarrowingInput {
  const only: Record<string, Record<string, string[]>> = {};
  if (flags["only"] === "none") return only;
  for (const pair of wordsOf(flags["only"])) {
    const [, role, kind, name] = /^([a-z]+):([a-z]+)=(.+)$/.exec(pair) ?? [];
    if (role === undefined || kind === undefined || name === undefined) {
      throw new UsageError(`--only: ${visible(pair)} is no ROLE:KIND=NAME, such as operator:peer=high.`);
    }
    ((only[role] ??= {})[kind] ??= []).push(name);
  }
  return only;
}

function wordsOf(flag: Flags[string]): string[] {
  return flag === undefined
    ? []
    : String(flag)
        .split(",")
        .map((word) => word.trim());
}

/** Where it reaches no further than that; what of it a service operator may do. */
function limits(operator: {
  only: Record<string, Record<string, string[]>>;
  operations: string[] | null;
}): string[] {
  return [
    ...(Object.keys(operator.only).length === 0 ? [] : [`Only ${visible(narrowingText(operator.only))}.`]),
    ...(operator.operations === null
      ? []
      : [`A service operator: ${visible(operator.operations.join(", "))}, and nothing else.`]),
  ];
}

const nameFlag = z.string().describe("the operator's name");

type Operator = {
  name: string;
  roles: string[];
  state: string;
  only: Record<string, Record<string, string[]>>;
  operations: string[] | null;
};
const told = (operator: Operator): string[] => [
  `${visible(operator.name)} is ${operator.state}: ${visible(operator.roles.join(", "))}.`,
  ...limits(operator),
];

export const operatorsCommands: AreaCommands<typeof contract.operators> = {
  list: {
    say: ({ operators, invitations }) => [
      ...columns(
        [
          "operator",
          "called",
          "roles",
          "only",
          "state",
          "second factor",
          "enrolled by",
          "last sign-in",
          "version",
        ],
        operators.map((row) => [
          row.name,
          row.displayName === "" ? null : row.displayName,
          `${row.operations === null ? "" : "service: "}${row.roles.join(", ")}`,
          narrowingText(row.only),
          row.state,
          row.secondFactor ? "yes" : "no",
          row.enrolledBy,
          row.signedInAt,
          row.version,
        ]),
      ),
      ...(invitations.length === 0 ? [] : [""]),
      ...(invitations.length === 0
        ? []
        : columns(
            ["invited", "roles", "state", "by", "until"],
            invitations.map((row) => [
              row.name,
              row.roles.join(", "),
              row.state,
              row.invitedBy,
              row.expiresAt,
            ]),
          )),
    ],
  },
  rights: {
    say: ({ rights }) =>
      columns(
        ["operation", "roles", "two persons", "passphrase again", "narrowed to"],
        rights.map((row) => [
          row.operation,
          row.permission === "public" ? "no sign-in" : row.roles.join(", "),
          row.twoPersons ? "yes" : null,
          row.stepUp ? "yes" : null,
          row.reach,
        ]),
      ),
  },
  invite: {
    flags: z.strictObject({
      name: nameFlag,
      roles: rolesFlag,
      only: onlyFlag,
      operations: z
        .string()
        .optional()
        .describe("makes a service operator: the only operations it may do, with commas between"),
      out: z.string().optional().describe("write the invitation to this file, readable by you alone"),
    }),
    input: (flags) => ({
      name: String(flags["name"]),
      roles: rolesOf(flags),
      only: onlyOf(flags),
      ...(flags["operations"] === undefined ? {} : { operations: wordsOf(flags["operations"]) }),
    }),
    deliver: async (invitation, flags, desk) => {
      if (flags["out"] === undefined) return;
      await desk.folderOutside(dirname(String(flags["out"])));
      await desk.write(String(flags["out"]), invitationText(invitation), 0o600);
    },
    say: ({ name, code, expiresAt }, flags) => [
      flags["out"] === undefined
        ? `The code for ${visible(name)}, shown this once: ${code}`
        : `The invitation of ${visible(name)} is in ${visible(String(flags["out"]))}, readable by you alone.`,
      `It works once, until ${expiresAt}. Give it to nobody else; it opens nothing until you confirm who used it.`,
      `At this station, ${visible(name)} runs: sallyport operators accept --name ${visible(name)}`,
    ],
  },
  withdraw: {
    say: (_output, flags) => [`The invitation of ${visible(String(flags["name"]))} is withdrawn.`],
  },
  accept: {
    flags: z.strictObject({
      name: nameFlag,
      codeFile: z.string().optional().describe("a file with the code; asked for without it"),
    }),
    input: async (flags, desk) => ({
      name: String(flags["name"]),
      code: await secretFrom(flags["codeFile"], "Invitation code: ", desk),
      passphrase: await desk.newPassphrase(desk.passphraseFile, "Choose a passphrase of your own"),
    }),
    say: ({ words, name }) => [
      "Your keys are made. They open nothing until an administrator confirms you.",
      `Read these words aloud to the administrator: ${visible(words)}`,
      `They run: sallyport operators confirm --name ${visible(name)} --words "the eight words"`,
    ],
  },
  confirm: {
    flags: z.strictObject({
      name: nameFlag,
      words: z.string().describe("the eight words as they were read aloud"),
    }),
    say: (operator) => [
      ...told(operator),
      operator.people === "two"
        ? "This station is for two: dangerous steps need a second person, for good."
        : "This station is for one person still: nobody else here may agree to a step.",
    ],
  },
  roles: {
    flags: z.strictObject({ name: nameFlag, roles: rolesFlag, only: onlyFlag, seen: seenFlag }),
    input: (flags) => ({
      name: String(flags["name"]),
      roles: rolesOf(flags),
      ...(flags["only"] === undefined ? {} : { only: onlyOf(flags) }),
      version: Number(flags["seen"]),
    }),
    say: told,
  },
  describe: {
    flags: z.strictObject({
      name: nameFlag,
      displayName: z.string().describe("what people call them; empty for nothing"),
      contact: z.string().describe("how to reach them; empty for nothing"),
      seen: seenFlag,
    }),
    input: (flags) => ({
      name: String(flags["name"]),
      displayName: String(flags["displayName"]),
      contact: String(flags["contact"]),
      version: Number(flags["seen"]),
    }),
    say: ({ name, displayName, contact, version }) => [
      ...facts([
        ["operator", name],
        ["called", displayName === "" ? null : displayName],
        ["reached by", contact === "" ? null : contact],
        ["version", version],
      ]),
    ],
  },
  disable: { say: told },
  remove: {
    say: ({ name, masterVersion, holders, exposed }) => [
      `${visible(name)} is removed. Master key ${masterVersion} is sealed to: ${visible(holders.join(", "))}.`,
      "Still exposed, because nobody can take it back:",
      ...exposed.map((line) => `  ${line}`),
      "Next, if they could unlock this station: sallyport station rotate-keys --note WHY",
    ],
  },
  enable: { say: told },
};

async function secretFrom(file: string | number | undefined, question: string, desk: Desk): Promise<string> {
  return file === undefined
    ? desk.secret(question)
    : readInvitation(await desk.readText(String(file), 4096)).code;
}
