import * as z from "zod";
import { resourceKinds } from "../narrowing.ts";
import { roleNames } from "../roles.ts";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

/** Roles that a person can be given, at least one. */
export const roles = z.array(z.enum(roleNames)).min(1, "one role or more").max(roleNames.length);

const names = z
  .array(z.string().regex(/^[a-z0-9][a-z0-9._/-]{0,63}$/, "a name"))
  .min(1, "one name or more")
  .max(100)
  .optional();
const narrowing = z.strictObject({
  peer: names,
  kind: names,
  component: names,
  path: names,
  agent: names,
} satisfies Record<(typeof resourceKinds)[number], typeof names>);

/** How far each role reaches; a role that is not in it reaches everything. */
export const only = z.partialRecord(z.enum(roleNames), narrowing);

/** As shown: what is stored may come from a newer version. */
const shownOnly = z.record(z.string(), z.record(z.string(), z.array(z.string())));

/** The only operations of a service operator, such as `transfer.export`. */
const operations = z
  .array(z.string().regex(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/, "an operation such as transfer.export"))
  .min(1)
  .max(100);

const operator = z.strictObject({
  name: field.operatorName,
  /** What people call them; empty where nobody said. */
  displayName: z.string(),
  /** How to reach them, for whoever needs a second person. */
  contact: z.string(),
  /** Of this row: an edit names the one that it was made from. */
  version: field.version,
  roles: z.array(z.string()),
  only: shownOnly,
  /** Null for a person. */
  operations: z.array(z.string()).nullable(),
  state: z.enum(["active", "disabled"]),
  /** Why it is disabled, as kept. */
  why: z.string().nullable(),
  createdAt: field.instant,
  /** Null for whoever founded the station. */
  enrolledBy: field.operatorName.nullable(),
  signedInAt: field.instant.nullable(),
  mayApprove: z.boolean(),
  secondFactor: z.boolean(),
});

const invitation = z.strictObject({
  name: field.operatorName,
  roles: z.array(z.string()),
  only: shownOnly,
  operations: z.array(z.string()).nullable(),
  invitedBy: field.operatorName,
  expiresAt: field.instant,
  /** `accepted`: the person has chosen a passphrase and waits to be confirmed. */
  state: z.enum(["open", "accepted", "expired"]),
});

/** One line of words for people: no controls, and nothing that turns or hides what stands beside it. */
const shownText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(text), "words on one line, without control marks");

const nameInput = z.strictObject({ name: field.operatorName });

/** A code as it is typed: letters and digits, hyphens and spaces where they help. */
export const code = z.string().min(1).max(64);

export const operators = {
  list: operation({
    permission: "people.read",
    reach: "none",
    effect: "read",
    summary: "List the operators, and the invitations that are open",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ operators: z.array(operator), invitations: z.array(invitation) })),
  rights: operation({
    permission: "station.read",
    reach: "none",
    effect: "read",
    summary: "Show what each role may do, and which steps need two persons or the passphrase again",
  })
    .input(z.strictObject({ role: z.enum(roleNames).optional() }))
    .output(
      z.strictObject({
        rights: z.array(
          z.strictObject({
            operation: z.string(),
            summary: z.string(),
            effect: z.enum(["read", "change", "reveal"]),
            permission: z.string(),
            roles: z.array(z.enum(roleNames)),
            twoPersons: z.boolean(),
            stepUp: z.boolean(),
            reach: z.string(),
          }),
        ),
      }),
    ),
  invite: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    summary: "Invite a person: makes a code that is shown once",
  })
    .input(
      z.strictObject({
        name: field.operatorName,
        roles,
        only: only.default({}),
        /** Makes a service operator: a login of the command line for these alone. */
        operations: operations.optional(),
      }),
    )
    .output(
      z.strictObject({
        station: field.stationName,
        name: field.operatorName,
        code: z.string(),
        expiresAt: field.instant,
      }),
    ),
  withdraw: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    summary: "Take back an invitation that was not confirmed yet",
  })
    .input(nameInput)
    .output(z.strictObject({})),
  accept: operation({
    permission: "public",
    reach: "none",
    effect: "change",
    summary: "Accept an invitation with its code: makes a key pair under a passphrase of one's own",
  })
    .input(z.strictObject({ name: field.operatorName, code, passphrase: field.newPassphrase }))
    .output(
      z.strictObject({
        name: field.operatorName,
        /** Eight words over the new public keys, to be read aloud to the administrator. */
        words: z.string(),
      }),
    ),
  confirm: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Enrol the person whose eight words were read aloud: the station's master key is sealed to them",
  })
    .input(z.strictObject({ name: field.operatorName, words: z.string().max(256) }))
    .output(operator.extend({ people: field.people })),
  roles: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Set what an operator may do",
  })
    .input(
      z.strictObject({
        name: field.operatorName,
        roles,
        /** Left out, roles that stay keep what they were narrowed to. */
        only: only.optional(),
        version: field.version,
      }),
    )
    .output(operator),
  describe: operation({
    permission: "station.read",
    reach: "none",
    effect: "change",
    summary: "Say what an operator is called and how to reach them: oneself, or anybody as an administrator",
  })
    .input(
      z.strictObject({
        name: field.operatorName,
        displayName: shownText(64),
        contact: shownText(200),
        version: field.version,
      }),
    )
    .output(operator),
  disable: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    summary: "Keep an operator out: sessions end at once, what they approved is void",
  })
    .input(z.strictObject({ name: field.operatorName, note: z.string().max(200).default("") }))
    .output(operator),
  remove: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    summary:
      "Remove an operator for good, take a new master key for everybody else, and say what stays exposed",
  })
    .input(nameInput)
    .output(
      z.strictObject({
        name: field.operatorName,
        masterVersion: field.sequence,
        holders: z.array(field.operatorName),
        exposed: z.array(z.string()),
      }),
    ),
  enable: operation({
    permission: "people.manage",
    reach: "whole",
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Let an operator in again",
  })
    .input(nameInput)
    .output(operator),
};
