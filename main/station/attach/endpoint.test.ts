import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attach, listen, type Endpoint } from "./endpoint.ts";

let folder: string;
const endpoints: Endpoint[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "endpoint-"));
});

afterEach(() => {
  for (const endpoint of endpoints.splice(0)) endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A station that answers every frame with itself. */
function echo(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.on("message", (frame: unknown) => port1.postMessage(frame));
  return port2;
}

async function listening(path: string): Promise<Endpoint> {
  const endpoint = await listen(path, echo);
  endpoints.push(endpoint);
  return endpoint;
}

const next = (port: MessagePort): Promise<unknown> => new Promise((resolve) => port.once("message", resolve));

describe("the endpoint of the shell that holds a station", () => {
  test("is a socket that its owner alone may open", async () => {
    const path = join(folder, "endpoint.sock");
    await listening(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("passes text and bytes both ways, several connections at once", async () => {
    const path = join(folder, "endpoint.sock");
    const endpoint = await listening(path);
    const [one, two] = [await attach(path), await attach(path)];
    one?.postMessage("für eins");
    two?.postMessage(Uint8Array.of(1, 2, 255));
    expect(await next(one as MessagePort)).toBe("für eins");
    expect(await next(two as MessagePort)).toEqual(Uint8Array.of(1, 2, 255));
    expect(endpoint.connections).toBe(2);
    one?.close();
    two?.close();
    await endpoint.idle();
    expect(endpoint.connections).toBe(0);
  });

  test.runIf(process.platform === "linux")("is reached where the path is too long for a socket", async () => {
    const deep = join(folder, "d".repeat(120));
    mkdirSync(deep);
    const path = join(deep, "endpoint.sock");
    await listening(path);
    const port = await attach(path);
    port?.postMessage("far");
    expect(await next(port as MessagePort)).toBe("far");
    port?.close();
  });

  test("takes the place of what a dead holder left behind", async () => {
    const path = join(folder, "endpoint.sock");
    writeFileSync(path, "");
    expect(await attach(path)).toBeUndefined();
    await listening(path);
    const port = await attach(path);
    expect(port).toBeDefined();
    port?.close();
  });

  test("is undefined where nobody ever listened", async () => {
    expect(await attach(join(folder, "endpoint.sock"))).toBeUndefined();
  });

  test("ends the connection that sends what is no frame, and no other", async () => {
    const path = join(folder, "endpoint.sock");
    await listening(path);
    const honest = (await attach(path)) as MessagePort;
    const hostile = connect(path);
    hostile.on("error", () => {});
    hostile.resume();
    hostile.write(Buffer.alloc(64, 0xff));
    await new Promise((resolve) => hostile.once("close", resolve));
    honest.postMessage("still here");
    expect(await next(honest)).toBe("still here");
    honest.close();
  });

  test("tells both ends when either goes", async () => {
    const path = join(folder, "endpoint.sock");
    const endpoint = await listening(path);
    const port = (await attach(path)) as MessagePort;
    const gone = new Promise((resolve) => port.once("close", resolve));
    endpoint.close();
    await gone;
    expect(endpoint.connections).toBeLessThanOrEqual(1);
  });
});
