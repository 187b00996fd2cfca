import type { Invitation } from "../../../shared/invitation.ts";
import { Refusal } from "../../../shared/errors.ts";
import { narrowingRefused, narrowingText, type NarrowingByRole } from "../../../shared/narrowing.ts";
import { rolesRefused } from "../../../shared/roles.ts";
import { equalBytes } from "../../station/crypto/compare.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { hashCode, makeCode } from "../../station/keys/code.ts";
import { makeOperatorKeys } from "../../station/keys/operator-keys.ts";
import { passphraseCost } from "../../station/keys/passphrase-cost.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import { refuseWeakPassphrase } from "../../station/keys/weak-passphrase.ts";
import { refuseService } from "./service-operators.ts";
import type { InvitationRow, InvitationStore } from "./store.ts";
import { operatorWords } from "./words.ts";

/** A weekend: the person may be on another shift. After that the paper is worth nothing. */
const invitationHours = 72;

/** Version of the key pair that an invited person makes. */
const firstKey = 1;

/** Makes an invitation; the code leaves this function once, and only its hash is kept. */
export function invite(
  kernel: Kernel,
  keys: KeyStore,
  rows: InvitationStore,
  input: {
    name: string;
    roles: readonly string[];
    only: NarrowingByRole;
    operations?: readonly string[] | undefined;
  },
  call: Call,
): Invitation {
  const station = kernel.identity().name;
  refuseRoles(input.roles, input.only);
  if (input.operations !== undefined) refuseService(input.roles, input.operations);
  if (keys.operator(input.name) !== undefined) {
    throw new Refusal(
      "conflict",
      `There is or was an operator ${input.name} here. A name stands in the log for one person; choose another.`,
    );
  }
  const now = kernel.clock();
  const standing = rows.find(input.name);
  if (standing !== undefined && !isExpired(standing, now)) {
    throw new Refusal("conflict", `${input.name} is invited already. Withdraw that invitation first.`);
  }
  const code = makeCode();
  const expiresAt = new Date(now.getTime() + invitationHours * 3_600_000).toISOString();
  call.commit((event) => {
    if (standing !== undefined) rows.settle(standing.id, "withdrawn", now.toISOString());
    rows.add({
      name: input.name,
      roles: input.roles,
      only: input.only,
      operations: input.operations,
      codeHash: hashCode("invitation", code),
      by: call.operator,
      at: now.toISOString(),
      expiresAt,
    });
    event({
      action: "operators.invited",
      object: input.name,
      details: {
        roles: input.roles.join(" "),
        only: narrowingText(input.only),
        operations: input.operations?.join(" ") ?? null,
        expiresAt,
      },
    });
  });
  kernel.changes.publish("operators");
  return { station, name: input.name, code, expiresAt };
}

/**
 * The invited person's part: a key pair under a passphrase that nobody else has seen. It opens nothing yet, so
 * a code that was copied, or a copied directory, lets nobody in. The words are for the administrator's ear.
 */
export function accept(
  kernel: Kernel,
  rows: InvitationStore,
  input: { name: string; code: string; passphrase: string },
  call: Call,
): { name: string; words: string } {
  const station = kernel.identity();
  const row = rows.find(input.name);
  const now = kernel.clock();
  // One answer for an unknown name, a wrong, a used and an expired code; and one hash for all of them.
  const given = hashCode("invitation", input.code);
  const right = equalBytes(row?.code_hash ?? Buffer.alloc(given.length), given);
  if (row === undefined || !right || row.accepted_at !== null || isExpired(row, now)) throw refusedCode();
  refuseWeakPassphrase(input.passphrase, [input.name, station.name]);
  const made = makeOperatorKeys(input.name, firstKey, input.passphrase, passphraseCost(kernel));
  made.secrets.box.fill(0);
  made.secrets.approval.fill(0);
  call.commit((event) => {
    if (!rows.accept(row.id, made.row, now.toISOString())) throw refusedCode();
    event({
      actor: input.name,
      action: "operators.invitation-accepted",
      object: input.name,
      details: { face: call.connection.face },
    });
  });
  kernel.changes.publish("operators");
  return { name: input.name, words: operatorWords(station.id, input.name, made.row) };
}

function refusedCode(): Refusal {
  return new Refusal(
    "refused",
    "This name and code open no invitation. Codes work once and for three days; ask for a new one.",
  );
}

export function isExpired(row: InvitationRow, now: Date): boolean {
  // Who accepted in time waits for the administrator, however long that takes.
  return row.accepted_at === null && now.toISOString() > row.expires_at;
}

export function refuseRoles(roles: readonly string[], only: NarrowingByRole): void {
  const why = rolesRefused(roles);
  if (why !== null) throw new Refusal("bad-input", `At roles: ${why}.`, { path: "roles" });
  const narrow = narrowingRefused(roles, only);
  if (narrow !== null) throw new Refusal("bad-input", `At only: ${narrow}.`, { path: "only" });
}
