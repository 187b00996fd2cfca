import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import { base32, makeTotpSecret, matchCode, otpauthUrl, stepOf } from "../../station/keys/totp.ts";
import type { TwoPersonSteps } from "../../station/pipeline/two-persons.ts";
import type { Door } from "./door.ts";
import { makeRecoveryCodes, openFactor, sealFactor } from "./factor.ts";
import type { OpenSessions } from "./open-sessions.ts";
import type { FactorStore } from "./store.ts";

type Handlers = AreaHandlers<typeof contract.session>;
type Enrolling = "offerFactor" | "confirmFactor" | "recoveryCodes" | "factor" | "resetFactor" | "profile";

const stepSeconds = 30;

/** Second factors, their recovery codes, and the station's limits. */
export function createEnrolment(
  kernel: Kernel,
  keys: KeyStore,
  factors: FactorStore,
  door: Door,
  open: OpenSessions,
): { readonly handlers: Pick<Handlers, Enrolling>; readonly steps: TwoPersonSteps } {
  const now = () => kernel.clock();
  const notYours = "This is not your passphrase. Nothing was changed.";

  function find(name: string): OperatorRow {
    const row = keys.operator(name);
    if (row?.state === "active") return row;
    throw new Refusal("not-found", `There is no operator ${name} here.`);
  }

  function enrolled(row: OperatorRow): boolean {
    const factor = factors.find(row.id);
    return factor !== undefined && factor.confirmed_at !== null;
  }

  return {
    steps: {
      "session.resetFactor": {
        state(input) {
          const row = keys.operator((input as { operator: string }).operator);
          const factor = row === undefined ? undefined : factors.find(row.id);
          return factor === undefined ? null : { confirmedAt: factor.confirmed_at };
        },
      },
      "session.profile": { state: () => factors.profileName() },
    },

    handlers: {
      offerFactor(input, call) {
        const proof = door.open(call.operator, input, call, notYours, "passed");
        if (enrolled(proof.row)) {
          proof.wipe();
          throw new Refusal("conflict", "You have a second factor. An administrator can reset it.");
        }
        const secret = makeTotpSecret();
        const wrapped = sealFactor(proof.row.name, proof.secrets, secret);
        proof.wipe();
        call.commit((event) => {
          factors.offer(proof.row.id, wrapped, now().toISOString());
          event({ action: "session.factor-offered", object: call.operator });
        });
        return {
          secret: base32(secret),
          url: otpauthUrl(kernel.identity().name, call.operator, secret),
          stationTime: now().toISOString(),
        };
      },

      confirmFactor(input, call) {
        const proof = door.open(call.operator, { passphrase: input.passphrase }, call, notYours, "passed");
        const factor = factors.find(proof.row.id);
        if (factor === undefined || factor.confirmed_at !== null) {
          proof.wipe();
          throw new Refusal("not-ready", "There is no second factor that waits to be confirmed.");
        }
        const secret = openFactor(proof.row.name, proof.secrets, factor);
        proof.wipe();
        const expected = { step: stepOf(now()), lastStep: factor.last_step, driftSteps: 0 };
        const matched = matchCode(secret, input.code, expected, true);
        if (matched === null) {
          throw new Refusal(
            "refused",
            `This is not a code of the device. The station's clock says ${now().toISOString()}; compare the device's.`,
          );
        }
        const made = makeRecoveryCodes();
        call.commit((event) => {
          if (!factors.spendStep(proof.row.id, matched.step, matched.driftSteps)) {
            throw new Refusal("conflict", "This code was used a moment ago.");
          }
          factors.confirm(proof.row.id, now().toISOString());
          factors.replaceCodes(proof.row.id, made.hashes);
          const details = {
            driftSeconds: matched.driftSteps * stepSeconds,
            recoveryCodes: made.codes.length,
          };
          event({ action: "session.factor-enrolled", object: call.operator, details });
        });
        // Those were opened without the device; this one has just shown it.
        open.secretsChanged(call.operator, call.connection, "waiting");
        kernel.changes.publish("operators", "session");
        return { recoveryCodes: made.codes, driftSeconds: matched.driftSteps * stepSeconds };
      },

      recoveryCodes(input, call) {
        // Asked for both although this session has shown them: these codes stand in for the device from now on.
        const proof = door.open(call.operator, input, call, notYours, "asked");
        proof.wipe();
        if (!enrolled(proof.row)) {
          throw new Refusal("not-ready", "There is no second factor for which codes could stand in.");
        }
        const made = makeRecoveryCodes();
        call.commit((event) => {
          proof.settle(event);
          factors.replaceCodes(proof.row.id, made.hashes);
          event({ action: "session.recovery-codes-made", object: call.operator });
        });
        return { recoveryCodes: made.codes };
      },

      factor(_input, call) {
        const row = find(call.operator);
        const factor = factors.find(row.id);
        return {
          enrolled: enrolled(row),
          recoveryCodesLeft: factors.codesLeft(row.id),
          driftSeconds: (factor?.drift_steps ?? 0) * stepSeconds,
          stationTime: now().toISOString(),
        };
      },

      resetFactor(input, call) {
        const row = find(input.operator);
        if (factors.find(row.id) === undefined) {
          throw new Refusal("not-ready", `${row.name} has no second factor.`);
        }
        call.commit((event) => {
          factors.forget(row.id);
          event({ action: "session.factor-reset", object: row.name });
        });
        open.secretsChanged(row.name, call.connection, "waiting");
        kernel.changes.publish("operators");
        return {};
      },

      profile(input, call) {
        call.commit((event) => {
          const details = { before: factors.profileName(), after: input.profile };
          factors.setProfile(input.profile);
          event({ action: "session.profile-set", object: kernel.identity().id, details });
        });
        open.sweep();
        kernel.changes.publish("session", "operators");
        return { profile: input.profile };
      },
    },
  };
}
