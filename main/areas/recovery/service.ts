import type { contract } from "../../../shared/contract/contract.ts";
import { drillDays } from "../../../shared/contract/recovery.ts";
import { Refusal } from "../../../shared/errors.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { Keyring } from "../../station/keys/keyring.ts";
import { openGrant } from "../../station/keys/operator-keys.ts";
import { expectGenuine } from "../../station/keys/rekey.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import { refuseWeakPassphrase } from "../../station/keys/weak-passphrase.ts";
import type { TwoPersonSteps } from "../../station/pipeline/two-persons.ts";
import type { SessionService } from "../session/service.ts";
import { createRecoveryDoor } from "./door.ts";
import { combineShares, takeShares, type GivenShares } from "./given-shares.ts";
import { confirmSet, offerSet } from "./make-set.ts";
import { openGrants, openStationByShares, prepare } from "./open-station.ts";
import { recoveryStore, type OpeningRow, type RecoverySetRow } from "./store.ts";

export { combineBare, type BareSecret } from "./given-shares.ts";

export interface RecoveryService {
  readonly handlers: AreaHandlers<typeof contract.recovery>;
  readonly steps: TwoPersonSteps;
}

export interface RecoveryDeps {
  readonly session: Pick<SessionService, "confirm" | "prove" | "forgetFactor" | "endEverybody">;
  /** Inside a transaction: what the operator asked for or agreed to is void. */
  readonly voidApprovals: (name: string, reason: string) => void;
}

/** Recovery sets: the way in on the day when every passphrase is lost. */
export function createRecoveryService(kernel: Kernel, keys: KeyStore, deps: RecoveryDeps): RecoveryService {
  const rows = recoveryStore(kernel.store);
  const door = createRecoveryDoor(kernel, rows);

  function show() {
    const current = rows.inState("current");
    const offered = rows.inState("offered");
    const opening = rows.lastOpening();
    return {
      set: current === undefined ? null : inForce(current),
      offered:
        offered === undefined
          ? null
          : {
              ...about(offered),
              asks: rows
                .keptShares(offered.number)
                .map((kept) => ({ share: kept.place, line: kept.asked_line })),
            },
      opening: opening === undefined ? null : openingView(opening),
      ended: rows
        .sets()
        .filter((row) => row.ended_at !== null)
        .map((row) => ({
          number: row.number,
          id: row.id,
          madeAt: row.made_at,
          endedAt: row.ended_at ?? row.made_at,
          why: row.state as "replaced" | "used" | "dropped",
        })),
    };
  }

  function inForce(row: RecoverySetRow) {
    const last = rows.lastDrill(row.number);
    const since = last?.at ?? row.in_force_at ?? row.made_at;
    const drillDueAt = new Date(Date.parse(since) + drillDays * 86_400_000).toISOString();
    return {
      ...about(row),
      inForceAt: row.in_force_at ?? row.made_at,
      lastDrill:
        last === undefined ? null : { at: last.at, operator: last.operator, shares: numbersOf(last.places) },
      drillDueAt,
      drillDue: kernel.clock().toISOString() > drillDueAt,
    };
  }

  /** Inside a transaction that gives somebody a new pair. */
  function forget(row: OperatorRow): void {
    deps.session.forgetFactor(row.id);
    deps.voidApprovals(row.name, "recovered");
  }

  /** Throws unless the shares open, through the stored grants, what the session has open. */
  async function drill(given: GivenShares): Promise<void> {
    const secret = await combineShares(given);
    const masters = openGrants(keys, given.set, secret);
    secret.fill(0);
    const probe = new Keyring(keys);
    probe.unlock(masters);
    try {
      const holder = keys.recoveryHolder();
      if (holder === undefined) throw new Error("a set in force is gone");
      expectGenuine(probe, holder);
      // Opens each station key and forgets it again.
      for (const row of keys.allStationKeys()) probe.open(row).fill(0);
    } finally {
      probe.lock();
    }
  }

  /** The operator's passphrase opens every grant of theirs, too. Throws `refused`, counted as a wrong sign-in is. */
  function provePassphrase(passphrase: string, call: Call): void {
    const proof = deps.session.prove(call.operator, { passphrase }, call);
    for (const grant of keys.grants(proof.row.id)) {
      openGrant(grant.sealed, proof.key.box_public, proof.secrets.box).fill(0);
    }
    proof.wipe();
  }

  return {
    steps: { "recovery.create": { state: () => rows.inState("current")?.id ?? null } },

    handlers: {
      show() {
        kernel.identity();
        return show();
      },

      async create(input, call) {
        deps.session.confirm(input.passphrase, call);
        const { set, shares } = await offerSet(kernel, rows, input, call);
        const { id, name, side } = kernel.identity();
        return { set: about(set), station: { station: id, name, side }, shares };
      },

      confirm(input, call) {
        confirmSet(kernel, keys, rows, input, call);
        return show();
      },

      async drill(input, call) {
        provePassphrase(input.passphrase, call);
        const given = takeShares(rows, kernel.identity(), input.shares);
        const places = placesOf(given);
        await drill(given);
        const at = kernel.clock().toISOString();
        call.commit((event) => {
          rows.addDrill(given.set.number, { at, operator: call.operator, places });
          event({
            action: "recovery.drilled",
            object: `set ${given.set.number}`,
            details: { set: given.set.id, shares: places },
          });
        });
        kernel.changes.publish("recovery");
        return { at, set: given.set.number, shares: numbersOf(places), operator: call.operator };
      },

      async open(input, call) {
        const station = kernel.identity();
        door.expectOpen();
        const secondPassphrase = input.secondPassphrase ?? "";
        if ((input.second === undefined) !== (secondPassphrase === "") || input.second === input.operator) {
          throw new Refusal(
            "bad-input",
            "At second: give another person's name, and a passphrase of theirs.",
            {
              path: "second",
            },
          );
        }
        refuseWeakPassphrase(input.passphrase, [input.operator, station.name]);
        if (input.second !== undefined) refuseWeakPassphrase(secondPassphrase, [input.second, station.name]);
        let masters: ReadonlyMap<number, Buffer> = new Map();
        try {
          const given = takeShares(rows, station, input.shares);
          const places = placesOf(given);
          const secret = await combineShares(given);
          masters = openGrants(keys, given.set, secret);
          secret.fill(0);
          const people = [prepare(kernel, keys, input.operator, input.passphrase, "administrator")];
          if (input.second !== undefined) {
            people.push(prepare(kernel, keys, input.second, secondPassphrase, "approver"));
          }
          const [first] = people;
          const opening = { set: given.set, places, masters, people, forget };
          const masterVersion = openStationByShares(kernel, keys, rows, opening, call);
          deps.session.endEverybody("recovered");
          kernel.changes.publish("recovery", "operators", "approvals", "session", "station");
          return {
            operator: input.operator,
            second: input.second ?? null,
            made: first?.row === undefined,
            set: given.set.number,
            masterVersion,
          };
        } catch (error) {
          return door.refuse(error, call, input.operator);
        } finally {
          for (const master of masters.values()) master.fill(0);
        }
      },

      review(input, call) {
        const opening = rows.lastOpening();
        if (opening === undefined || opening.reviewed_at !== null) {
          throw new Refusal("not-ready", "There is no opening by recovery shares that waits to be reviewed.");
        }
        if (kernel.identity().people === "two" && opening.operator === call.operator) {
          throw new Refusal(
            "not-allowed",
            `${call.operator} was let in by the shares. In a station for two another person reviews it.`,
          );
        }
        call.commit((event) => {
          if (!rows.review(opening.id, call.operator, kernel.clock().toISOString(), input.note)) {
            throw new Refusal("conflict", "Somebody else has reviewed it meanwhile.");
          }
          event({
            action: "recovery.reviewed",
            object: opening.operator,
            details: { opened: opening.at, note: input.note },
          });
        });
        kernel.changes.publish("recovery", "session");
        return show();
      },
    },
  };
}

function about(row: RecoverySetRow) {
  return {
    number: row.number,
    id: row.id,
    threshold: row.threshold,
    shares: row.shares,
    madeAt: row.made_at,
    madeBy: row.made_by,
  };
}

function openingView(row: OpeningRow) {
  return {
    at: row.at,
    operator: row.operator,
    second: row.second,
    set: row.recovery_set,
    shares: numbersOf(row.places),
    reviewedAt: row.reviewed_at,
    reviewedBy: row.reviewed_by,
    note: row.note,
  };
}

function placesOf({ shares }: GivenShares): string {
  return shares
    .map(({ place }) => place)
    .toSorted((a, b) => a - b)
    .join(" ");
}

function numbersOf(places: string): number[] {
  return places.split(" ").map(Number);
}
