// One run of the bench of changes: a station in its thread, a console server, two pages of it. Prints one JSON document.
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import { WebSocket } from "ws";
import { connectClient } from "../main/cli/client.ts";
import { Entry } from "../main/serve/entry.ts";
import { startConsoleServer } from "../main/serve/server.ts";
import { startStation } from "../main/station/host.ts";
import type { Contract } from "../shared/contract/contract.ts";

const edits = 200;
/** Edits fall at any moment between two hints, so that the wait by which hints are merged is in the figure. */
const longestGapMs = 100;
const passphrase = "only for this measurement";

const host = await startStation({ directory: process.argv[2] ?? "", shell: "serve" });
const founder = connectClient(host.connect("page"));
await founder.typed.station.init({ name: "low", side: "request", operator: "bench", passphrase });
const entry = new Entry(() => performance.now());
const server = await startConsoleServer({
  port: 0,
  files: new Map(),
  entry,
  connect: (face) => Promise.resolve(host.connect(face)),
  refused: () => {},
});
const origin = `http://127.0.0.1:${server.port}`;
const admitted = await fetch(`${origin}/session`, {
  method: "POST",
  headers: { "Content-Type": "application/json", Origin: origin },
  body: JSON.stringify({ token: entry.issueToken(60_000) }),
});
const headers = { Origin: origin, Cookie: admitted.headers.getSetCookie()[0]?.split(";")[0] ?? "" };

async function page() {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, ["sallyport.v1"], { headers });
  await new Promise((resolve) => socket.once("open", resolve));
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  const client: ContractRouterClient<Contract> = createORPCClient(link);
  await client.session.signIn({ passphrase });
  return { client, socket };
}

const [one, other] = [await page(), await page()];
const hints = await other.client.watch.changes({});
let version = 1;
let seen = (_version: number): void => {};
void (async () => {
  for await (const { topics } of hints) {
    if (!topics.includes("operators")) continue;
    seen((await other.client.operators.list({})).operators[0]?.version ?? 0);
  }
})().catch(() => {
  // The sockets are closed at the end.
});

const taken: number[] = [];
for (let edit = 0; edit < edits; edit += 1) {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * longestGapMs));
  const wanted = version + 1;
  const arrived = new Promise<void>((resolve) => {
    seen = (now) => {
      if (now >= wanted) resolve();
    };
  });
  const begun = performance.now();
  await one.client.operators.describe({ name: "bench", displayName: `name ${edit}`, contact: "", version });
  version = wanted;
  await arrived;
  taken.push(performance.now() - begun);
}
taken.sort((a, b) => a - b);
const quantile = (part: number): number => taken[Math.ceil(taken.length * part) - 1] ?? 0;
process.stdout.write(JSON.stringify({ p50Ms: quantile(0.5), p99Ms: quantile(0.99), edits }));
one.socket.close();
other.socket.close();
founder.close();
await server.close();
await host.close();
process.exit(0);
