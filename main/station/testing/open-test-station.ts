import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRouterClient, type RouterClient } from "@orpc/server";
import type { ContractRouterClient } from "@orpc/contract";
import type { Contract } from "../../../shared/contract/contract.ts";
import type { StationDeps } from "../kernel.ts";
import type { Connection } from "../pipeline/connection.ts";
import { openStation, type Station } from "../station.ts";

export type TestClient = ContractRouterClient<Contract>;

export interface TestStation {
  readonly station: Station;
  readonly directory: string;
  /** A client on a connection of its own. */
  client(): { client: TestClient; connection: Connection };
  /** A client on a connection that is there. */
  on(connection: Connection): TestClient;
  /** A client on which the operator `ada` has signed in. */
  signedIn(): Promise<TestClient>;
  close(): Promise<void>;
}

export const passphrase = "a passphrase of many words";

/** Too cheap for any real station; only tests hand this in. */
const cheap = { memoryKiB: 64, passes: 1 };

/** Opens a real station in a new temporary directory, founded unless `side` is null. */
export async function openTestStation(
  side: "request" | "response" | null = "request",
  deps: Partial<StationDeps> = {},
): Promise<TestStation> {
  const directory = deps.directory ?? mkdtempSync(join(tmpdir(), "sallyport-station-"));
  const { clock } = deps;
  const station = await openStation({
    directory,
    shell: "test",
    clock: () => new Date(),
    // A test that moves its clock lets time pass; one that sets the clock hands in both.
    ...(clock === undefined ? {} : { steadyMs: () => clock().getTime() }),
    step: () => {},
    log: { info() {}, warn() {}, error() {} },
    passwordHash: cheap,
    // However full the disk is that the tests run on.
    diskSpace: () => ({ freeBytes: 100 * 2 ** 30, totalBytes: 200 * 2 ** 30 }),
    ...deps,
  });
  function on(connection: Connection): TestClient {
    const made = createRouterClient(station.router, { context: { connection } }) as RouterClient<never>;
    return made as unknown as TestClient;
  }
  function client() {
    const connection = station.connect("test");
    return { client: on(connection), connection };
  }
  if (side !== null) {
    const name = side === "request" ? "low" : "high";
    await client().client.station.init({ name, side, operator: "ada", passphrase });
  }
  return {
    station,
    directory,
    client,
    on,
    async signedIn() {
      const made = client().client;
      await made.session.signIn({ passphrase });
      return made;
    },
    async close() {
      await station.close();
      if (deps.directory === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}
