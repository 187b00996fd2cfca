import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { holdsWhole } from "../../../shared/narrowing.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import { openGrant } from "../../station/keys/operator-keys.ts";
import { isActive, standingOf } from "../../station/keys/standing.ts";
import type { Connection } from "../../station/pipeline/connection.ts";
import type { TwoPersonSteps } from "../../station/pipeline/two-persons.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import { version } from "../../station/version.ts";
import { createDoor, type Given, type Proof } from "./door.ts";
import { createEnrolment } from "./enrolment.ts";
import { disableInactive } from "./inactive.ts";
import { createPassphraseChange } from "./passphrase.ts";
import { OpenSessions, type ListedSession } from "./open-sessions.ts";
import { factorStore } from "./store.ts";

export interface SessionService {
  readonly handlers: AreaHandlers<typeof contract.session>;
  readonly steps: TwoPersonSteps;
  /** Ends the session of a connection that was closed; wipes the keys after the last one. */
  ended(connection: Connection): void;
  /**
   * Throws `refused` unless this is the caller's passphrase, and counts as a wrong sign-in does: for steps that
   * ask for it again.
   */
  confirm(passphrase: string, call: Call): void;
  /**
   * Opens the secrets of whoever gives passphrase and code, at the caller's screen. The caller's own session has
   * shown its second factor already; anybody else must show theirs.
   */
  prove(operator: string, given: Given, call: Call): Proof;
  /** How long a shift may last without a sign-off; null when the profile doesn't ask for one. */
  shiftHours(): number | null;
  /** Gives open sessions the operator's present roles, or ends them. */
  standingChanged(name: string): void;
  /** Throws `needs-step-up` unless passphrase and code were given on this connection lately. */
  expectFresh(connection: Connection, name: string): void;
  /** Inside a transaction: the operator's second factor and its recovery codes are gone. */
  forgetFactor(operator: number): void;
  /** Ends every session there is, with an event each, and wipes the keys unless started work needs them. */
  endEverybody(why: "recovered"): void;
  /** Before each call: ends sessions whose time is over; `person` when it shows that somebody is there. */
  arrived(connection: Connection, person: boolean): void;
  close(): void;
}

/** Where a person sits before a screen. */
const facesOfPersons: ReadonlySet<string> = new Set(["window", "page"]);

/** How often those are looked for who do not come any more. */
const inactiveSweepMs = 60_000;

/** How often the clock is looked at while nobody calls, so that keys do not outlive their session. */
const sweepMs = 5_000;

/**
 * Sessions live on connections. The master key is unlocked by the first and wiped after the last, but
 * not while started work still needs it.
 */
export function createSessionService(kernel: Kernel, keys: KeyStore, busy: () => boolean): SessionService {
  const factors = factorStore(kernel.store);
  const lockWhenIdle = (): void => {
    if (open.size === 0 && !busy()) kernel.keyring.lock();
  };
  const open: OpenSessions = new OpenSessions(kernel, keys, factors, lockWhenIdle);
  const door = createDoor(kernel, keys, factors, (name) => open.standingChanged(name));
  const enrolment = createEnrolment(kernel, keys, factors, door, open);

  // Work that outlived its session needs the keys until it ends.
  kernel.changes.listen(lockWhenIdle);
  let lookedMs = Number.NEGATIVE_INFINITY;
  function sweep(): void {
    open.sweep();
    const now = kernel.clock().getTime();
    if (now >= lookedMs && now - lookedMs < inactiveSweepMs) return;
    lookedMs = now;
    for (const name of disableInactive(kernel, keys, factors)) open.standingChanged(name);
  }
  const timer = setInterval(sweep, sweepMs);
  timer.unref();

  const toldFallbacks = new Set<string>();

  /** A login without a person has a command line and nothing else. */
  function expectNoService(name: string | undefined, call: Call): void {
    const row = name === undefined ? undefined : keys.operator(name);
    if (row === undefined || row.operations === null || !facesOfPersons.has(call.connection.face)) return;
    throw new Refusal(
      "not-allowed",
      `${row.name} is a service operator: it signs in on the command line alone.`,
    );
  }

  function iso(ms: number): string {
    return new Date(ms).toISOString();
  }

  /** The sessions that the caller may see and end. */
  function visible(call: Call) {
    const everybody = holdsWhole(call.grants, "people.manage");
    return open.list().filter((one) => everybody || one.operator === call.operator);
  }

  function endThese(sessions: readonly ListedSession[], call: Call, why = "ended-by-person") {
    call.commit((event) => {
      for (const { operator, face } of sessions) {
        event({ action: "session.ended", object: operator, details: { why, face } });
      }
      if (sessions.length === 0) event({ action: "session.ended-none", object: call.operator });
    });
    open.endAll(sessions);
    return { ended: sessions.length };
  }

  /** One's own sessions but this one: on connections, and waiting. */
  function others(call: Call): ListedSession[] {
    return open.list().filter((one) => one.operator === call.operator && one.connection !== call.connection);
  }

  return {
    steps: enrolment.steps,
    handlers: {
      ...enrolment.handlers,
      changePassphrase: createPassphraseChange(kernel, keys, door, open),

      state(_input, call) {
        const { session } = call.connection;
        const founded = kernel.founded();
        const operators = founded === null ? [] : keys.operators().filter(isActive);
        const waits = operators.map((row) => door.waitSeconds(row));
        return {
          phase: founded === null ? "empty" : session === null ? "locked" : "open",
          station:
            founded === null
              ? null
              : { name: founded.name, side: founded.side, people: founded.people, station: founded.id },
          directory: kernel.directory,
          operator: session === null ? null : { name: session.operator, roles: [...session.roles] },
          operators: operators.map((row) => row.name),
          waitSeconds: Math.max(0, ...waits),
          failures: operators.reduce((sum, row) => sum + row.failures, 0),
          recovered: keys.unreviewedRecovery() ?? null,
          version,
        };
      },

      signIn(input, call) {
        kernel.identity();
        expectNoService(input.operator, call);
        const name = input.operator ?? onlyOperator(keys.operators().filter(isActive));
        const wrong = "This operator and passphrase do not belong together.";
        // A session that goes on has shown its second factor; its passphrase alone opens it again (NIST 800-63B-4, 2.2.3).
        const from = open.resumable(input.resume, keys.operator(name));
        const proof = door.open(name, input, call, wrong, from === null ? "asked" : "passed");
        const { row } = proof;
        const masters = new Map<number, Buffer>();
        for (const grant of keys.grants(row.id)) {
          masters.set(grant.master_version, openGrant(grant.sealed, proof.key.box_public, proof.secrets.box));
        }
        proof.wipe();
        const standing = standingOf(row);
        const { roles } = standing;
        const stored = `${row.name} ${row.roles} ${row.narrowing}`;
        const fellBack = standing.fellBack && !toldFallbacks.has(stored);
        const at = kernel.clock().toISOString();
        // First: a sign-in that can't be logged opens nothing.
        call.commit((event) => {
          proof.settle(event);
          keys.signedIn(row.id, at);
          const details = { face: call.connection.face };
          const action = from === null ? "session.signed-in" : "session.resumed";
          event({ actor: row.name, action, object: row.name, details });
          if (!fellBack) return;
          const left = {
            stored: row.roles.slice(0, 200),
            narrowing: row.narrowing.slice(0, 200),
            taken: roles.join(" "),
          };
          event({ actor: "system", action: "operators.roles-not-known", object: row.name, details: left });
        });
        // Once for what is stored, not once for each sign-in.
        if (fellBack) toldFallbacks.add(stored);
        if (!kernel.keyring.unlocked) kernel.keyring.unlock(masters);
        const resume = open.begin(call.connection, row, standing, {
          device: input.device.replaceAll("\0", ""),
          keep: input.keep,
          from,
          proven: from === null || (factors.find(row.id)?.confirmed_at ?? null) === null,
        });
        kernel.changes.publish("session");
        return {
          resume,
          resumed: from !== null,
          operator: { name: row.name, roles: [...roles] },
          previousSignInAt: row.signed_in_at,
          failuresSince: row.failures,
        };
      },

      signOut(_input, call) {
        const { session } = call.connection;
        if (session === null) throw new Refusal("not-signed-in", "Nobody is signed in here.");
        call.commit((event) => event({ action: "session.signed-out", object: session.operator }));
        open.close(call.connection);
        kernel.changes.publish("session");
        return {};
      },

      lock(_input, call) {
        const { session } = call.connection;
        if (session === null) throw new Refusal("not-signed-in", "Nobody is signed in here.");
        const screens = open
          .list()
          .filter((one) => one.operator === session.operator && facesOfPersons.has(one.face));
        const own = open.list().filter((one) => one.connection === call.connection);
        return endThese(
          [...own, ...screens.filter((one) => !own.some(({ id }) => id === one.id))],
          call,
          "locked",
        );
      },

      list(_input, call) {
        return {
          profile: factors.profileName(),
          sessions: visible(call).map((one) => ({
            session: one.id,
            operator: one.operator,
            state: one.connection === null ? ("away" as const) : ("open" as const),
            face: one.face,
            device: one.device,
            startedAt: iso(one.startedMs),
            usedAt: iso(one.usedMs),
            endsAt: iso(one.endsMs),
            own: one.connection === call.connection,
          })),
        };
      },

      end(input, call) {
        const found = visible(call).find((one) => one.id === input.session);
        if (found === undefined) throw new Refusal("not-found", "There is no such session, or it has ended.");
        return endThese([found], call);
      },

      endOthers(_input, call) {
        return endThese(others(call), call);
      },

      entryRefused(input, call) {
        kernel.identity();
        call.commit((event) =>
          event({
            actor: "nobody",
            action: "session.entry-refused",
            object: call.connection.face,
            outcome: "refused",
            details: { reason: input.reason.replaceAll("\0", ""), count: input.count },
          }),
        );
        return {};
      },

      stepUp(input, call) {
        const proof = door.open(call.operator, input, call, "This is not your passphrase.", "asked");
        proof.wipe();
        call.commit((event) => {
          proof.settle(event);
          event({ action: "session.stepped-up", object: call.operator });
        });
        return { untilAt: iso(open.proven(call.connection)) };
      },

      stillHere(_input, call) {
        open.used(call.connection);
        return { endsAt: iso(open.endsMs(call.connection) ?? kernel.clock().getTime()) };
      },
    },

    ended: (connection) => open.leave(connection),

    confirm(passphrase, call) {
      const wrong = "This is not your passphrase. Nothing was handed out.";
      door.open(call.operator, { passphrase }, call, wrong, "passed").wipe();
    },

    prove(operator, given, call) {
      const wrong = "This operator and passphrase do not belong together.";
      return door.open(operator, given, call, wrong, operator === call.operator ? "passed" : "asked");
    },

    expectFresh(connection, name) {
      if (open.isFresh(connection)) return;
      const minutes = factors.profile().stepUpMs / 60_000;
      throw new Refusal(
        "needs-step-up",
        `${name} needs your passphrase again: you gave it more than ${minutes} minutes ago.`,
        { safe: "Nothing was changed.", remedy: "Give it, and the code of your device where you have one." },
      );
    },
    shiftHours: () => factors.profile().shiftHours,

    standingChanged: (name) => open.standingChanged(name),

    forgetFactor: (operator) => factors.forget(operator),

    endEverybody(why) {
      open.endEverybody(why);
      lockWhenIdle();
    },

    arrived(connection, person) {
      sweep();
      if (person) open.used(connection);
    },

    close: () => clearInterval(timer),
  };
}

function onlyOperator(rows: readonly OperatorRow[]): string {
  const [first, second] = rows;
  if (first !== undefined && second === undefined) return first.name;
  throw new Refusal("bad-input", "At operator: this station has several operators; say which one signs in.", {
    path: "operator",
  });
}
