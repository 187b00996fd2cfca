import { MessageChannel } from "node:worker_threads";
import { ORPCError } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import { describe, expect, test } from "vitest";
import { contract } from "../../shared/contract/contract.ts";
import { operations } from "../../shared/contract/operations.ts";
import { Refusal } from "../../shared/errors.ts";
import { attachPeer } from "../../main/station/attach/attach-peer.ts";
import { createAnswers } from "../../main/station/attach/answer.ts";
import type { Kernel } from "../../main/station/kernel.ts";
import { openConnection } from "../../main/station/pipeline/connection.ts";
import { createGroupCommit } from "../../main/station/pipeline/group-commit.ts";
import { createRouter, Running, type Handlers } from "../../main/station/pipeline/router.ts";

/** A station whose services do what a fault would make them do. */
async function ask(
  state: () => unknown,
): Promise<{ error: ORPCError<string, Record<string, unknown>>; logged: unknown[] }> {
  const logged: unknown[] = [];
  const nothing = (): object => ({});
  const handlers = Object.fromEntries(
    Object.entries(contract).map(([area, verbs]) => [
      area,
      Object.fromEntries(Object.keys(verbs).map((verb) => [verb, verb === "state" ? state : nothing])),
    ]),
  ) as unknown as Handlers;
  const log = { info: () => {}, warn: () => {}, error: (facts: unknown) => logged.push(facts) };
  const kernel = { log } as unknown as Kernel;
  const router = createRouter(handlers, {
    kernel,
    running: new Running(),
    groups: createGroupCommit(kernel.store),
    releaseReserve: () => {},
    lookups: Object.fromEntries(operations.map(({ name }) => [name, () => ({})])),
    twoPersons: { pass: () => null },
    stepUp: () => {},
    arrived: () => {},
    gates: [],
  });
  const { port1, port2 } = new MessageChannel();
  attachPeer(port2, createAnswers(router)(openConnection("test", () => 0)), () => {});
  const link = new RPCLink({ port: port1 });
  try {
    await link.call(["session", "state"], {}, { context: {} });
  } catch (error) {
    return { error: error as ORPCError<string, Record<string, unknown>>, logged };
  } finally {
    port1.close();
  }
  throw new Error("it was answered");
}

describe("what a station sends back", () => {
  test("is on the schema, or is a fault with a reference whose text stays in the log", async () => {
    const { error, logged } = await ask(() => ({ phase: "ajar", secret: "a passphrase" }));
    expect(error.code).toBe("internal");
    expect(error.data["reference"]).toMatch(/^[0-9A-F]{8}$/);
    expect(JSON.stringify(error)).not.toContain("a passphrase");
    expect(logged).toEqual([
      expect.objectContaining({ reference: error.data["reference"], operation: "session.state" }),
    ]);
  });

  test("never carries the text of a fault", async () => {
    const { error } = await ask(() => {
      throw new Error("SELECT * FROM operator; /home/somebody/station.db");
    });
    expect(error.code).toBe("internal");
    expect(JSON.stringify(error)).not.toMatch(/SELECT|somebody/);
  });

  test("carries a refusal as it was written, with its facts", async () => {
    const { error } = await ask(() => {
      throw new Refusal("no-room", "The stick is full.", {
        path: "/media/stick",
        remedy: "Take a larger one.",
      });
    });
    expect(error).toMatchObject({
      code: "no-room",
      message: "The stick is full.",
      data: { path: "/media/stick", remedy: "Take a larger one." },
    });
  });
});
