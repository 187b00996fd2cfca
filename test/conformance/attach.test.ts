import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { reachStation, type Reached } from "../../main/station/attach/reach.ts";
import { connectClient, type StationClient } from "../../main/cli/client.ts";
import { ask, runCommand } from "../support/command-line.ts";

let folder: string;
let station: string;
let passphraseFile: string;
const reached: Reached[] = [];

beforeEach(async () => {
  process.env["NODE_ENV"] = "test";
  process.env["SALLYPORT_TEST_FAST_KDF"] = "1";
  folder = mkdtempSync(join(tmpdir(), "attach-"));
  station = join(folder, "station");
  passphraseFile = join(folder, "passphrase");
  writeFileSync(passphraseFile, "correct horse battery staple\n", { mode: 0o600 });
  const init = ["station", "init", "--name", "low", "--side", "request", "--operator", "admin"];
  expect((await runCommand(init, { station, passphraseFile })).exitCode).toBe(0);
});

afterEach(async () => {
  for (const one of reached.splice(0)) await one.close();
  rmSync(folder, { recursive: true, force: true });
});

async function hold(): Promise<{ holder: Reached; client: StationClient }> {
  const holder = await reachStation({ directory: station, shell: "window" });
  reached.push(holder);
  return { holder, client: connectClient(await holder.connect("window")) };
}

const signIn = (client: StationClient): Promise<unknown> =>
  client.call(["session", "signIn"], { passphrase: "correct horse battery staple" });

describe("a second shell of a station", () => {
  test("works through the first, with a session of its own", async () => {
    const { holder, client } = await hold();
    expect(holder.holds).toBe(true);
    await signIn(client);
    const locked = await ask<{ error: { code: string } }>(["audit", "verify"], { station });
    expect(locked.output.error.code).toBe("not-signed-in");
    const state = await ask<{ phase: string }>(["session", "state"], { station });
    expect(state.output.phase).toBe("locked");
    const verified = await ask<{ ok: boolean }>(["audit", "verify"], { station, passphraseFile });
    expect(verified).toMatchObject({ exitCode: 0, output: { ok: true } });
    expect(await client.call(["session", "state"], {})).toMatchObject({ phase: "open" });
    client.close();
  });

  test("learns who holds the station", async () => {
    const { client } = await hold();
    const shown = await ask<{ holder: { shell: string; pid: number } }>(["station", "show"], { station });
    expect(shown.output.holder).toMatchObject({ shell: "window", pid: process.pid });
    expect(JSON.parse(readFileSync(join(station, "run/holder.json"), "utf8"))).toMatchObject({
      shell: "window",
      pid: process.pid,
    });
    client.close();
  });

  test("is told in a sentence who holds it when nobody listens", async () => {
    const { client } = await hold();
    rmSync(join(station, "run/endpoint.sock"));
    const refused = await ask<{ error: { code: string; message: string; holder: string } }>(
      ["session", "state"],
      { station },
    );
    expect(refused.exitCode).toBe(1);
    expect(refused.output.error.code).toBe("held-elsewhere");
    expect(refused.output.error.message).toContain(`window of user`);
    expect(refused.output.error.message).toContain(String(process.pid));
    client.close();
  });

  test("takes over when the first has gone, and leaves nothing in its place", async () => {
    const { holder, client } = await hold();
    client.close();
    await holder.close();
    const shown = await ask<{ holder: { shell: string } }>(["station", "show"], { station });
    expect(shown.output.holder.shell).toBe("command line");
  });
});

describe("several commands at once", () => {
  test("all come to their end, one of them holding the station for the others", async () => {
    const commands = Array.from({ length: 5 }, () =>
      ask<{ ok: boolean }>(["audit", "verify"], { station, passphraseFile }),
    );
    for (const answer of await Promise.all(commands))
      expect(answer).toMatchObject({ exitCode: 0, output: { ok: true } });
  }, 60_000);
});

describe("a shell that works through another", () => {
  test("takes the holder's place when it has gone", async () => {
    const { holder, client } = await hold();
    const second = await reachStation({ directory: station, shell: "serve" });
    reached.push(second);
    expect(second.holds).toBe(false);
    const through = connectClient(await second.connect("page"));
    expect(await through.call(["station", "show"], {})).toMatchObject({ holder: { shell: "window" } });
    client.close();
    await holder.close();
    const after = connectClient(await second.connect("page"));
    expect(await after.call(["station", "show"], {})).toMatchObject({ holder: { shell: "serve" } });
    after.close();
  });
});

describe("a station that can't be opened", () => {
  test("is told in one sentence, and the shell lives on", async () => {
    writeFileSync(join(folder, "a-file"), "");
    const opening = reachStation({ directory: join(folder, "a-file", "station"), shell: "window" });
    await expect(opening).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringMatching(/could not be opened: .*\.$/) as string,
    });
  });

  test("because its configuration has faults names each of them by its path", async () => {
    writeFileSync(join(station, "station.json"), '{"transfer":{"partMiB":0},"colour":"red"}');
    const refused = await ask<{ error: { code: string; message: string } }>(["session", "state"], {
      station,
    });
    expect(refused.output.error.code).toBe("not-ready");
    expect(refused.output.error.message).toContain("transfer.partMiB");
    expect(refused.output.error.message).toContain("colour");
  });
});
