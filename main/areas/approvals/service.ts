import type { contract } from "../../../shared/contract/contract.ts";
import { accessOf } from "../../../shared/contract/operations.ts";
import { Refusal } from "../../../shared/errors.ts";
import { roleAllows } from "../../../shared/roles.ts";
import { signBytes } from "../../station/crypto/ed25519.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import type { ResourceLookups } from "../../station/pipeline/reach.ts";
import type { TwoPersonGate, TwoPersonSteps } from "../../station/pipeline/two-persons.ts";
import type { SessionService } from "../session/service.ts";
import { agreementMessage, canonicalJson } from "./digest.ts";
import { excluded, standings } from "./eligible.ts";
import { aboutRows } from "./about.ts";
import { createGate, voidRow } from "./gate.ts";
import type { ApprovalRow, ApprovalStore } from "./store.ts";

export interface ApprovalsService {
  readonly handlers: AreaHandlers<typeof contract.approvals>;
  readonly gate: TwoPersonGate;
  readonly lookups: ResourceLookups;
}

/** What was agreed is done in the same shift, or asked again. */
const executeHours = 8;

export function createApprovalsService(
  kernel: Kernel,
  keys: KeyStore,
  session: SessionService,
  rows: ApprovalStore,
  steps: TwoPersonSteps,
  lookups: ResourceLookups,
): ApprovalsService {
  const about = aboutRows(lookups);
  const gate = createGate(kernel, keys, rows, steps, about);

  /** An approval is about what its step is about. */
  function aboutApproval(input: unknown) {
    const row = rows.find((input as { approval: string }).approval);
    return row === undefined ? {} : about(row.operation, JSON.parse(row.input));
  }

  function view(row: ApprovalRow) {
    const now = kernel.clock().toISOString();
    const over =
      (row.state === "waiting" && now > row.approve_by) ||
      (row.state === "approved" && now > (row.execute_by ?? ""));
    return {
      approval: row.id,
      operation: row.operation,
      summary: accessOf(row.operation)?.summary ?? row.operation,
      requester: row.requester,
      digest: row.digest,
      state: over ? ("expired" as const) : row.state,
      reason: row.reason,
      requestedAt: row.requested_at,
      approveBy: row.approve_by,
      approver: row.approver,
      decidedAt: row.decided_at,
      executeBy: row.execute_by,
      input: row.input,
    };
  }

  function find(id: string): ApprovalRow {
    const row = rows.find(id);
    if (row === undefined) throw new Refusal("not-found", `There is no request ${id} here.`);
    return row;
  }

  function waiting(id: string): ApprovalRow {
    const row = find(id);
    const { state } = view(row);
    if (state === "waiting") return row;
    throw new Refusal("conflict", `${id} is ${state}: there is nothing to agree to any more.`);
  }

  function published(id: string) {
    kernel.changes.publish("approvals");
    return view(find(id));
  }

  return {
    gate,
    lookups: {
      "approvals.show": aboutApproval,
      "approvals.approve": aboutApproval,
      "approvals.refuse": aboutApproval,
    },
    handlers: {
      list(input) {
        kernel.identity();
        return { approvals: rows.newest(input.limit).map(view) };
      },

      show(input) {
        const row = find(input.approval);
        const actsOn = canonicalJson(gate.presentState(row));
        const standing = standings(
          keys,
          row.requester,
          about(row.operation, JSON.parse(row.input)),
          kernel.clock(),
        );
        return {
          ...view(row),
          inputSha256: row.input_sha256,
          actsOn,
          actsOnSha256: sha256Hex(actsOn),
          asAsked: gate.presentDigest(row) === row.digest,
          repeatable: (accessOf(row.operation)?.secretInput ?? []).length === 0,
          approvers: standing.filter((one) => one.reason === "may").map((one) => one.operator),
          standing,
        };
      },

      approve(input, call) {
        const row = waiting(input.approval);
        if (input.digest !== row.digest) {
          throw new Refusal("refused", `${row.id} has another digest than the one you agree to.`, {
            reason: "other-digest",
            remedy: "Look at the request again, and compare what it would do.",
          });
        }
        if (gate.presentDigest(row) !== row.digest) {
          voidRow(kernel, rows, row, "state-changed", call.operator);
          throw new Refusal(
            "conflict",
            `What ${row.id} is about has changed since it was asked. It is void.`,
          );
        }
        const name = input.operator ?? call.operator;
        const proof = session.prove(name, input, call);
        try {
          const step = about(row.operation, JSON.parse(row.input));
          const why = excluded(proof.row, row.requester, step, kernel.clock());
          if (why !== null) throw new Refusal("not-allowed", `${why} ${row.id} still waits.`);
          const now = kernel.clock();
          const at = now.toISOString();
          const signature = signBytes(
            agreementMessage({
              station: kernel.identity().id,
              approval: row.id,
              digest: row.digest,
              approver: name,
              at,
            }),
            proof.secrets.approval,
          );
          call.commit((event) => {
            proof.settle(event);
            const by = {
              approver: name,
              publicKey: proof.key.approval_public,
              signature,
              at,
              executeBy: new Date(now.getTime() + executeHours * 3_600_000).toISOString(),
            };
            if (!rows.approve(row.id, by)) {
              throw new Refusal("conflict", `${row.id} was settled by somebody else meanwhile.`);
            }
            event({
              actor: name,
              action: "approvals.agreed",
              object: row.id,
              details: {
                operation: row.operation,
                requester: row.requester,
                digest: row.digest,
                over: name === call.operator ? null : call.operator,
              },
            });
          });
        } finally {
          proof.wipe();
        }
        return published(row.id);
      },

      refuse(input, call) {
        const row = find(input.approval);
        const own = row.requester === call.operator;
        if (!own && !roleAllows(call.roles, "approvals.decide")) {
          throw new Refusal("not-allowed", `${call.operator} may neither agree to ${row.id} nor refuse it.`);
        }
        const note = input.note === "" ? (own ? "withdrawn" : "refused") : input.note;
        call.commit((event) => {
          if (!rows.refuse(row.id, note, kernel.clock().toISOString())) {
            throw new Refusal("conflict", `${row.id} is ${row.state}: there is nothing to refuse.`);
          }
          event({
            action: own ? "approvals.withdrawn" : "approvals.refused",
            object: row.id,
            details: { operation: row.operation, requester: row.requester, note },
          });
        });
        return published(row.id);
      },
    },
  };
}
