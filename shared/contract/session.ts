import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

const operator = z.strictObject({ name: field.operatorName, roles: z.array(z.string()) });

const state = z.strictObject({
  /** `empty`: no station has been founded in this directory yet. */
  phase: z.enum(["empty", "locked", "open"]),
  station: z
    .strictObject({
      name: field.stationName,
      side: field.side,
      people: field.people,
      station: field.stationId,
    })
    .nullable(),
  directory: z.string(),
  operator: operator.nullable(),
  /** Names of the operators that may sign in, for the sign-in page. */
  operators: z.array(field.operatorName),
  /** Seconds to wait before the next passphrase is looked at; 0 when none. */
  waitSeconds: field.count,
  failures: field.count,
  version: z.string(),
});

export const session = {
  state: operation({
    permission: "public",
    effect: "read",
    summary: "Say whether the station is founded, locked or open, and for whom",
  })
    .input(z.strictObject({}))
    .output(state),
  signIn: operation({
    permission: "public",
    effect: "change",
    summary: "Open a session with an operator's passphrase",
  })
    .input(z.strictObject({ operator: field.operatorName.optional(), passphrase: field.passphrase }))
    .output(
      z.strictObject({
        operator,
        previousSignInAt: field.instant.nullable(),
        failuresSince: field.count,
      }),
    ),
  signOut: operation({
    permission: "public",
    effect: "change",
    summary: "End this session and lock its window",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({})),
};
