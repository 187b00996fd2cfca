import { describe, expect, test } from "vitest";
import { connect } from "node:net";
import type { WebSocket } from "ws";
import { largestFrameBytes } from "../../main/station/attach/frame.ts";
import { ask, open, served, serveEach, signedIn, type Shake } from "./console-server.ts";

serveEach();

describe("the wire", () => {
  test("opens for the page itself", async () => {
    const socket = (await open({ cookie: await signedIn() })) as WebSocket;
    expect(socket.protocol).toBe("sallyport.v1");
    const echoed = new Promise((resolve) =>
      socket.once("message", (data: Buffer) => resolve(data.toString())),
    );
    socket.send("hello");
    expect(await echoed).toBe("hello");
    socket.close();
  });

  test.each<[string, (cookie: string) => Shake, number]>([
    ["no cookie", () => ({}), 401],
    ["a made-up cookie", () => ({ cookie: "sallyport-1=x" }), 401],
    ["no Origin", (cookie) => ({ cookie, origin: undefined }), 403],
    ["another site's Origin", (cookie) => ({ cookie, origin: "http://evil.example" }), 403],
    ["the Origin null", (cookie) => ({ cookie, origin: "null" }), 403],
    ["a foreign Host", (cookie) => ({ cookie, host: "evil.example" }), 421],
    ["no subprotocol", (cookie) => ({ cookie, protocol: "" }), 400],
    ["another subprotocol", (cookie) => ({ cookie, protocol: "sallyport.v2" }), 400],
    ["another path", (cookie) => ({ cookie, path: "/" }), 404],
  ])("stays closed with %s", async (_what, shake, status) => {
    expect(await open(shake(await signedIn()))).toBe(status);
    expect(served.connections).toBe(0);
  });

  test("ends for whom sends a frame beyond all measure, and for nobody else", async () => {
    const cookie = await signedIn();
    const honest = (await open({ cookie })) as WebSocket;
    const hostile = (await open({ cookie })) as WebSocket;
    const ended = new Promise((resolve) => hostile.once("close", resolve));
    hostile.send(Buffer.alloc(largestFrameBytes + 1));
    await ended;
    const echoed = new Promise((resolve) =>
      honest.once("message", (data: Buffer) => resolve(data.toString())),
    );
    honest.send("still here");
    expect(await echoed).toBe("still here");
    honest.close();
  });

  test("ends for whom breaks the protocol, and the page still answers", async () => {
    const cookie = await signedIn();
    const hostile = (await open({ cookie })) as WebSocket;
    const ended = new Promise((resolve) => hostile.once("close", resolve));
    // A frame with reserved bits set, past the library.
    (hostile as unknown as { _socket: { write: (bytes: Buffer) => void } })._socket.write(
      Buffer.from([0xff, 0xff, 0xff]),
    );
    await ended;
    expect((await ask()).status).toBe(200);
  });
});

describe("the port", () => {
  test("is on the loopback address alone", async () => {
    const reached = await new Promise<boolean>((resolve) => {
      // Every 127/8 address reaches a listener on 0.0.0.0, and none but 127.0.0.1 one that is bound to it.
      const socket = connect(served.server.port, "127.0.0.2", () => resolve(true));
      socket.on("error", () => resolve(false));
    });
    expect(reached).toBe(false);
  });
});
