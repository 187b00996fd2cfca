import { Refusal } from "../../../shared/errors.ts";
import { verifyBytes } from "../../station/crypto/ed25519.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { randomHex } from "../../station/crypto/random.ts";
import type { AppendEvent, Kernel } from "../../station/kernel.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import type { TwoPersonGate, TwoPersonSteps } from "../../station/pipeline/two-persons.ts";
import type { AboutStep } from "./about.ts";
import { agreementMessage, approvalDigest, canonicalJson, shownInput } from "./digest.ts";
import { mayAgree } from "./eligible.ts";
import type { ApprovalRow, ApprovalStore } from "./store.ts";

/** A second person is asked today or not at all: what waits longer is about a state that nobody remembers. */
const approveHours = 24;
/** More than this waiting from one person is a loop, not a shift's work. */
const mostWaiting = 50;

/** The gate of the pipeline: asks for, finds and uses agreements. */
export function createGate(
  kernel: Kernel,
  keys: KeyStore,
  rows: ApprovalStore,
  steps: TwoPersonSteps,
  about: AboutStep,
): TwoPersonGate & {
  presentDigest(row: ApprovalRow): string;
  /** What the kept input acts on, as it is now. */
  presentState(row: ApprovalRow): unknown;
} {
  function digestOf(operation: string, requester: string, shown: unknown): string {
    const identity = kernel.identity();
    return approvalDigest({
      station: identity.id,
      lineage: identity.lineage,
      operation,
      requester,
      input: shown,
      state: stateOf(operation, shown),
    });
  }

  function stateOf(operation: string, shown: unknown): unknown {
    return steps[operation]?.state(shown) ?? null;
  }

  /** The digest that the kept input has in the state of now. */
  function presentDigest(row: ApprovalRow): string {
    return digestOf(row.operation, row.requester, JSON.parse(row.input));
  }

  function use(id: string, event: AppendEvent): void {
    const row = rows.find(id);
    const now = kernel.clock().toISOString();
    const why = row === undefined ? "it is gone" : doubt(row, now);
    if (row === undefined || why !== null || !rows.use(id, now)) {
      throw new Refusal(
        "conflict",
        `The agreement ${id} can't be used: ${why ?? "it was used already"}. Nothing was changed.`,
      );
    }
    event({
      action: "approvals.used",
      object: id,
      details: { operation: row.operation, approver: row.approver, digest: row.digest },
    });
  }

  /** Everything that must hold at the moment of the act, whatever was checked before. */
  function doubt(row: ApprovalRow, now: string): string | null {
    if (row.state !== "approved") return `it is ${row.state}`;
    if (now > (row.execute_by ?? "")) return "its time is over";
    if (row.digest !== presentDigest(row)) return "what it was about has changed";
    const approver = keys.operator(row.approver ?? "");
    if (approver === undefined || !mayAgree(approver, about(row.operation, JSON.parse(row.input))))
      return "its approver may not agree any more";
    const key = keys.operatorKey(approver.id);
    const message = agreementMessage({
      station: kernel.identity().id,
      approval: row.id,
      digest: row.digest,
      approver: approver.name,
      at: row.decided_at ?? "",
    });
    const signed =
      key !== undefined && row.signature !== null && verifyBytes(message, row.signature, key.approval_public);
    return signed ? null : "its signature is not the approver's";
  }

  function ask(operation: string, requester: string, shown: unknown, digest: string): never {
    const now = kernel.clock();
    const at = now.toISOString();
    const id = `a-${randomHex(8)}`;
    if (!keys.operators().some((row) => row.name !== requester && mayAgree(row, about(operation, shown)))) {
      throw new Refusal("not-ready", `${operation} needs a second person, and nobody else here may agree.`, {
        safe: "Nothing was changed.",
        remedy: "Invite an approver first: sallyport operators invite --name NAME --roles approver",
      });
    }
    if (rows.openCount(requester, at) >= mostWaiting) {
      throw new Refusal(
        "conflict",
        `${requester} has ${mostWaiting} requests that wait for a second person already.`,
      );
    }
    const input = canonicalJson(shown);
    kernel.store.write(() => {
      rows.add({
        id,
        operation,
        requester,
        input,
        inputSha256: sha256Hex(input),
        digest,
        at,
        approveBy: new Date(now.getTime() + approveHours * 3_600_000).toISOString(),
      });
      kernel.audit.append({
        actor: requester,
        action: "approvals.requested",
        object: id,
        outcome: "done",
        details: { operation, digest },
      });
    });
    kernel.changes.publish("approvals", "audit");
    throw waits(operation, id, digest);
  }

  return {
    presentDigest,
    presentState: (row) => stateOf(row.operation, JSON.parse(row.input)),
    pass(name, access, input, operator) {
      if (access.twoPersons !== true || kernel.founded()?.people !== "two") return null;
      const step = steps[name];
      // Fail closed: an operation that nobody said the state of can't be bound to it.
      if (step === undefined) {
        throw new Refusal("not-ready", `${name} needs two persons, and this version can't ask a second one.`);
      }
      if (step.alone?.(input) === true) return null;
      const shown = shownInput(input, access.secretInput ?? []);
      const digest = digestOf(name, operator, shown);
      const now = kernel.clock().toISOString();
      for (const row of rows.open(name, operator, sha256Hex(canonicalJson(shown)))) {
        if (row.digest !== digest) {
          voidRow(kernel, rows, row, "state-changed", operator);
        } else if (row.state === "approved" && now <= (row.execute_by ?? "")) {
          return {
            approval: row.id,
            approver: row.approver ?? "",
            use: (event) => use(row.id, event),
          };
        } else if (row.state === "waiting" && now <= row.approve_by) {
          throw waits(name, row.id, digest);
        }
      }
      return ask(name, operator, shown, digest);
    },
  };
}

/** Marks an open request void, with its event. */
export function voidRow(
  kernel: Kernel,
  rows: ApprovalStore,
  row: ApprovalRow,
  reason: string,
  actor: string,
): void {
  kernel.store.write(() => {
    if (!rows.void(row.id, reason)) return;
    kernel.audit.append({
      actor,
      action: "approvals.void",
      object: row.id,
      outcome: "done",
      details: { operation: row.operation, reason },
    });
  });
  kernel.changes.publish("approvals", "audit");
}

function waits(operation: string, approval: string, digest: string): Refusal {
  return new Refusal("needs-approval", `${operation} waits for a second person, as ${approval}.`, {
    approval,
    digest,
    safe: "Nothing was changed.",
    remedy: `A second person looks and agrees: sallyport approvals show --approval ${approval}. Then do this again, with the same input.`,
  });
}
