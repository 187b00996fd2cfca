import { afterEach, beforeEach, expect, test } from "vitest";
import { signBytes } from "../../station/crypto/ed25519.ts";
import { makeOperatorKeys } from "../../station/keys/operator-keys.ts";
import { keyStore } from "../../station/keys/store.ts";
import type { Kernel } from "../../station/kernel.ts";
import { makeTestStation, type TestStation } from "../transfer/test-kernel.ts";
import { agreementMessage } from "./digest.ts";
import { createGate } from "./gate.ts";
import { approvalStore } from "./store.ts";

const access = {
  permission: "people.manage",
  effect: "change",
  reach: "whole",
  twoPersons: true,
  summary: "",
} as const;

let station: TestStation;
let kernel: Kernel;
beforeEach(async () => {
  station = await makeTestStation("low", "request");
  const two = { ...station.identity, people: "two" as const };
  kernel = { ...station.kernel, founded: () => two, identity: () => two };
});
afterEach(() => station.close());

test("an agreement is looked at again in the transaction that uses it: another state, and it is not used", () => {
  const keys = keyStore(kernel.store);
  const rows = approvalStore(kernel.store);
  let state = "as it was";
  const gate = createGate(kernel, keys, rows, { "session.profile": { state: () => state } }, () => "whole");
  const at = kernel.clock().toISOString();
  const made = makeOperatorKeys("bob", 1, "a passphrase of many words", { memoryKiB: 64, passes: 1 });
  kernel.store.write(() => {
    const bob = keys.addOperator("bob", ["approver"], at, null);
    keys.addOperatorKey(bob, 1, made.row, at);
  });
  const pass = () => gate.pass("session.profile", access, { profile: "stig" }, "ada");

  expect(pass).toThrow("waits for a second person");
  const row = rows.newest(1)[0];
  if (row === undefined) throw new Error("nothing was asked");
  const message = {
    station: kernel.identity().id,
    approval: row.id,
    digest: row.digest,
    approver: "bob",
    at,
  };
  const signature = signBytes(agreementMessage(message), made.secrets.approval);
  const executeBy = "2099-01-01T00:00:00.000Z";
  rows.approve(row.id, { approver: "bob", publicKey: made.row.approval_public, signature, at, executeBy });
  const agreement = pass();

  state = "changed meanwhile";
  const use = () => kernel.store.write(() => agreement?.use(() => {}));
  expect(use).toThrow("what it was about has changed");
  expect(rows.find(row.id)?.state).toBe("approved");
  state = "as it was";
  use();
  expect(rows.find(row.id)?.state).toBe("used");
  expect(use).toThrow("it is used");
});
