import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bags } from "../support/answers.ts";
import { runCommand } from "../support/command-line.ts";
import { credentials, tryAt } from "../support/stations.ts";
import { lay, moveOn, openScene, sealNext, harmlessPart } from "./scene.ts";
import type { Lane, Scene } from "./scene.ts";

/** The face that scripts see: exit codes and documents of the command itself. */

const root = mkdtempSync(join(tmpdir(), "hostile-command-"));
let scene: Scene;
let lane: Lane;
beforeAll(async () => {
  scene = await openScene(root, "response");
  lane = await scene.newLane();
  await scene.close();
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const command = (verb: string, medium: string) =>
  tryAt<Bags>(scene.station, ["transfer", verb, "--medium", medium]);

describe("transfer import as a command", () => {
  test("exits 0 for an honest bag, and again when it is presented twice", async () => {
    const medium = scene.newMedium();
    const sealed = sealNext(scene, lane);
    const bag = lay(medium, sealed);
    moveOn(lane, sealed);
    for (const state of ["imported", "already-imported"]) {
      const { exitCode, output } = await command("import", medium);
      expect({ exitCode, bags: output.bags.map((row) => [row.bag, row.state]) }).toEqual({
        exitCode: 0,
        bags: [[bag, state]],
      });
    }
  });

  test("exits 0 for a stick without bags", async () => {
    const { exitCode, output } = await command("import", scene.newMedium());
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: { bags: [] } });
  });

  test("exits 1 when one bag of several is refused, and lands the others", async () => {
    const medium = scene.newMedium();
    const refused = sealNext(scene, lane, [{ ...harmlessPart(), records: 7 }]);
    lay(medium, refused);
    moveOn(lane, refused);
    const honest = sealNext(scene, lane);
    lay(medium, honest);
    moveOn(lane, honest);
    const { exitCode, output } = await command("import", medium);
    expect({ exitCode, states: output.bags.map((row) => row.state).toSorted() }).toEqual({
      exitCode: 1,
      states: ["imported", "refused"],
    });
  });

  test("a FIFO on the stick does not hang it", async () => {
    const medium = scene.newMedium();
    lay(medium, sealNext(scene, lane), {
      changes: { after: (files) => void files.set("README.txt", { kind: "fifo" }) },
    });
    const { exitCode, output } = await command("import", medium);
    expect({ exitCode, reason: output.bags[0]?.reason }).toEqual({
      exitCode: 1,
      reason: "not-a-regular-file",
    });
  });

  test("for people it says what, why and what to do, and shows no control character of the stick", async () => {
    const medium = scene.newMedium();
    lay(medium, sealNext(scene, lane), {
      changes: { after: (files) => void files.set("\u001b[31mred\u202E.txt", Buffer.from("x")) },
    });
    const answer = await runCommand(["transfer", "import", "--medium", medium], credentials(scene.station));
    expect(answer.exitCode).toBe(1);
    const said = answer.stdout + answer.stderr;
    expect(said).toMatch(/\w+ \w+ \w+/);
    // oxlint-disable-next-line no-control-regex -- these are what a terminal would obey
    expect(said).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  test("a medium that does not exist is a refusal in words", async () => {
    const { exitCode, output } = await command("import", join(root, "nowhere"));
    expect({ exitCode, output }).toMatchObject({
      exitCode: 1,
      output: { error: { code: expect.any(String) } },
    });
  });
});
