import type { contract } from "../../../shared/contract/contract.ts";
import { rights } from "../../../shared/contract/rights.ts";
import { Refusal } from "../../../shared/errors.ts";
import {
  grantsOf,
  grantText,
  holdsWhole,
  narrowingText,
  type NarrowingByRole,
} from "../../../shared/narrowing.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { AppendEvent, Call, Kernel } from "../../station/kernel.ts";
import { isActive, mayAdminister, mayApprove, standingOf } from "../../station/keys/standing.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import type { TwoPersonSteps } from "../../station/pipeline/two-persons.ts";
import { accept, invite, isExpired, refuseRoles } from "./invitations.ts";
import { expectVersion } from "../../station/stale-edit.ts";
import { removeOperator, stillExposed } from "./remove.ts";
import { refuseService } from "./service-operators.ts";
import { invitationStore, type AcceptedRow } from "./store.ts";
import { operatorWords, sameWords } from "./words.ts";

export interface OperatorsService {
  readonly handlers: AreaHandlers<typeof contract.operators>;
  readonly steps: TwoPersonSteps;
  /** Empty where nobody said, or there is no such operator. */
  readonly displayName: (name: string) => string;
}

/** What changes about one operator reaches others through these. */
export interface OperatorsDeps {
  /** Gives open sessions the operator's present roles, or ends them. After the commit. */
  readonly standingChanged: (name: string) => void;
  /** Inside the transaction: what the operator asked for or agreed to is void. */
  readonly voidApprovals: (name: string, reason: string) => void;
}

/** In a station for two, so many must stay who can agree, or no step for two could ever be taken again. */
const fewestApprovers = 2;

export function createOperatorsService(
  kernel: Kernel,
  keys: KeyStore,
  deps: OperatorsDeps,
): OperatorsService {
  const rows = invitationStore(kernel.store);
  const now = () => kernel.clock().toISOString();

  function find(name: string): OperatorRow {
    const row = keys.operator(name);
    if (row?.state === "active") return row;
    throw new Refusal("not-found", `There is no operator ${name} here.`);
  }

  function view(row: OperatorRow) {
    return {
      name: row.name,
      ...rows.words(row.id),
      ...shownStanding(row),
      state: row.disabled_at === null ? ("active" as const) : ("disabled" as const),
      why: row.disabled_why,
      createdAt: row.created_at,
      enrolledBy: row.enrolled_by,
      signedInAt: row.signed_in_at,
      mayApprove: mayApprove(row),
      secondFactor: rows.hasSecondFactor(row.id),
    };
  }

  function accepted(name: string): AcceptedRow {
    const row = rows.find(name);
    if (row === undefined) throw new Refusal("not-found", `Nobody named ${name} is invited.`);
    if (row.accepted_at === null) {
      throw new Refusal("not-ready", `${name} has not accepted yet: the code and a passphrase come first.`);
    }
    return row as AcceptedRow;
  }

  /** Inside a transaction that changed who may approve: from the second approver on, the station is for two. */
  function settlePeople(event: AppendEvent): void {
    if (rows.secondApproverAt() !== null || approvers().length < fewestApprovers) return;
    rows.becomeTwo(now());
    const details = { approvers: approvers().join(" ") };
    event({ action: "station.became-two", object: kernel.identity().id, details });
  }

  function approvers(): string[] {
    return keys
      .operators()
      .filter(mayApprove)
      .map((row) => row.name);
  }

  /** Refuses what would leave the station without somebody who can put it right. */
  function refuseLast(row: OperatorRow, after: { administers: boolean; approves: boolean }): void {
    const others = keys.operators().filter((other) => other.id !== row.id);
    if (mayAdminister(row) && !after.administers && !others.some(mayAdminister)) {
      throw new Refusal(
        "conflict",
        `${row.name} is the last administrator. Nobody could let anyone in again.`,
        {
          remedy: "Enrol another administrator first.",
        },
      );
    }
    if (rows.secondApproverAt() === null || !mayApprove(row) || after.approves) return;
    if (others.filter(mayApprove).length < fewestApprovers) {
      throw new Refusal(
        "conflict",
        `Without ${row.name}, fewer than two could agree, and this station is for two for good.`,
        { remedy: "Enrol another approver first." },
      );
    }
  }

  function settled(name: string): OperatorRow {
    kernel.refound();
    deps.standingChanged(name);
    kernel.changes.publish("operators", "approvals", "session", "station");
    return find(name);
  }

  function change(row: OperatorRow, call: Call, run: (event: AppendEvent) => void, reason: string) {
    call.commit((event) => {
      run(event);
      rows.changed(row.id);
      deps.voidApprovals(row.name, reason);
      settlePeople(event);
    });
    return view(settled(row.name));
  }

  /** In the transaction of an edit: refuses one that was made from an older row. */
  function expectUnchanged(name: string, seen: number): void {
    const row = find(name);
    const { version, displayName, contact } = rows.words(row.id);
    const { roles, only } = standingOf(row);
    const fields = { displayName, contact, roles: grantsOf(roles, only).map(grantText) };
    expectVersion(seen, { what: `The operator ${name}`, version, fields });
  }

  const operatorState = (input: unknown): unknown => {
    const row = keys.operator((input as { name: string }).name);
    return row === undefined
      ? null
      : {
          roles: row.roles,
          narrowing: row.narrowing,
          operations: row.operations,
          disabledAt: row.disabled_at,
          state: row.state,
        };
  };

  return {
    displayName(name) {
      const row = keys.operator(name);
      return row === undefined ? "" : rows.words(row.id).displayName;
    },

    steps: {
      "operators.confirm": {
        state(input) {
          const row = rows.find((input as { name: string }).name) as AcceptedRow | undefined;
          if (row === undefined || row.accepted_at === null) return null;
          return {
            roles: row.roles,
            narrowing: row.narrowing,
            operations: row.operations,
            key: sha256Hex(Buffer.concat([row.box_public, row.approval_public])),
          };
        },
        // The first second approver: nobody else is there who could agree. Once, and never again.
        alone(input) {
          const row = rows.find((input as { name: string }).name);
          if (row === undefined || rows.secondApproverAt() !== null) return false;
          const { grants, operations } = standingOf(row);
          return operations === null && holdsWhole(grants, "approvals.decide");
        },
      },
      "operators.roles": { state: operatorState },
      "operators.enable": { state: operatorState },
    },

    handlers: {
      list() {
        kernel.identity();
        const at = kernel.clock();
        return {
          operators: keys.operators().map(view),
          invitations: rows.open().map((row) => ({
            name: row.name,
            ...shownStanding(row),
            invitedBy: row.invited_by,
            expiresAt: row.expires_at,
            state:
              row.accepted_at !== null
                ? ("accepted" as const)
                : isExpired(row, at)
                  ? ("expired" as const)
                  : ("open" as const),
          })),
        };
      },

      rights({ role }) {
        const shown = role === undefined ? rights : rights.filter(({ roles }) => roles.includes(role));
        return { rights: shown.map((right) => ({ ...right, roles: [...right.roles] })) };
      },

      invite: (input, call) => invite(kernel, keys, rows, input, call),

      accept: (input, call) => accept(kernel, rows, input, call),

      withdraw(input, call) {
        const row = rows.find(input.name);
        if (row === undefined) throw new Refusal("not-found", `Nobody named ${input.name} is invited.`);
        call.commit((event) => {
          rows.settle(row.id, "withdrawn", now());
          event({ action: "operators.invitation-withdrawn", object: row.name });
        });
        kernel.changes.publish("operators");
        return {};
      },

      confirm(input, call) {
        const row = accepted(input.name);
        const station = kernel.identity();
        if (!sameWords(input.words, operatorWords(station.id, row.name, row))) {
          throw new Refusal("refused", `These are not the words of ${row.name}'s keys. Nobody was let in.`, {
            remedy: "Let them read the words again. If they still differ, withdraw the invitation.",
          });
        }
        const { roles, only, operations } = standingOf(row);
        const grants = kernel.keyring.grantsTo(row.box_public);
        call.commit((event) => {
          // Of two who confirm at once, one does.
          if (rows.find(row.name)?.id !== row.id || keys.operator(row.name) !== undefined) {
            throw new Refusal("conflict", `${row.name} was let in or withdrawn meanwhile.`);
          }
          const at = now();
          const id = keys.addOperator(row.name, roles, at, call.operator, row);
          keys.addOperatorKey(id, 1, row, at);
          for (const [version, sealed] of grants) keys.addGrant(version, id, 1, sealed);
          rows.settle(row.id, "confirmed", at);
          event({
            action: "operators.enrolled",
            object: row.name,
            details: {
              roles: roles.join(" "),
              only: narrowingText(only),
              operations: operations?.join(" ") ?? null,
              key: sha256Hex(row.approval_public),
            },
          });
          settlePeople(event);
        });
        return { ...view(settled(row.name)), people: kernel.identity().people };
      },

      roles(input, call) {
        const row = find(input.name);
        const { only: before, operations } = standingOf(row);
        const kept = Object.entries(before).filter(([role]) => input.roles.includes(role as never));
        const only: NarrowingByRole = input.only ?? Object.fromEntries(kept);
        refuseRoles(input.roles, only);
        const given = grantsOf(input.roles, only);
        if (operations !== null) refuseService(input.roles, operations);
        refuseLast(row, {
          administers: holdsWhole(given, "people.manage"),
          approves: holdsWhole(given, "approvals.decide"),
        });
        return change(
          row,
          call,
          (event) => {
            expectUnchanged(row.name, input.version);
            keys.setRoles(row.id, input.roles, only, call.operator, now());
            const details = {
              before: standingOf(row).roles.join(" "),
              beforeOnly: narrowingText(before),
              after: input.roles.join(" "),
              afterOnly: narrowingText(only),
            };
            event({ action: "operators.roles-set", object: row.name, details });
          },
          "roles-changed",
        );
      },

      describe(input, call) {
        const row = find(input.name);
        if (row.name !== call.operator && !holdsWhole(call.grants, "people.manage")) {
          throw new Refusal(
            "not-allowed",
            `${call.operator} may say this of themselves alone, not of ${row.name}.`,
          );
        }
        call.commit((event) => {
          expectUnchanged(row.name, input.version);
          rows.describe(row.id, input.displayName, input.contact);
          rows.changed(row.id);
          event({
            action: "operators.described",
            object: row.name,
            details: { displayName: input.displayName },
          });
        });
        kernel.changes.publish("operators", "presence");
        return view(find(row.name));
      },

      disable(input, call) {
        const row = find(input.name);
        if (!isActive(row)) throw new Refusal("conflict", `${row.name} is disabled already.`);
        refuseLast(row, { administers: false, approves: false });
        return change(
          row,
          call,
          (event) => {
            keys.disable(row.id, now(), input.note === "" ? `by ${call.operator}` : input.note);
            event({ action: "operators.disabled", object: row.name, details: { note: input.note } });
          },
          "operator-disabled",
        );
      },

      remove(input, call) {
        const row = find(input.name);
        if (row.name === call.operator) {
          throw new Refusal("conflict", "Nobody removes themselves: another administrator does.");
        }
        refuseLast(row, { administers: false, approves: false });
        const removal = removeOperator(kernel, keys, rows, row, call, () =>
          deps.voidApprovals(row.name, "operator-removed"),
        );
        deps.standingChanged(row.name);
        kernel.changes.publish("operators", "approvals", "session", "station");
        return { name: row.name, ...removal, exposed: [...stillExposed] };
      },

      enable(input, call) {
        const row = find(input.name);
        if (isActive(row)) throw new Refusal("conflict", `${row.name} is not disabled.`);
        return change(
          row,
          call,
          (event) => {
            keys.enable(row.id, call.operator, now());
            event({ action: "operators.enabled", object: row.name });
          },
          "roles-changed",
        );
      },
    },
  };
}

/** Roles as they are taken here, how far each reaches, and what a service operator may do. */
function shownStanding(row: Parameters<typeof standingOf>[0]) {
  const { roles, only, operations } = standingOf(row);
  const reach = Object.entries(only).map(([role, kinds]) => [
    role,
    Object.fromEntries(Object.entries(kinds ?? {}).map(([kind, names]) => [kind, [...(names ?? [])]])),
  ]);
  return {
    roles: [...roles],
    only: Object.fromEntries(reach) as Record<string, Record<string, string[]>>,
    operations: operations === null ? null : [...operations],
  };
}
