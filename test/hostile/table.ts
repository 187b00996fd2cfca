import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditVerdict } from "../support/answers.ts";
import type { HostileCase } from "./case.ts";
import { receiptFaults, runCase } from "./run-case.ts";
import type { Owed } from "./run-case.ts";
import { openScene } from "./scene.ts";
import type { Scene } from "./scene.ts";

/** Turns a table of cases into tests against one station of their own. */
export function runTable(cases: readonly HostileCase[]): void {
  const root = mkdtempSync(join(tmpdir(), "hostile-"));
  const owed: Owed[] = [];
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(root, "response");
  }, 60_000);
  afterAll(async () => {
    await scene.close();
    rmSync(root, { recursive: true, force: true });
  });

  test("every case has a name of its own", () => {
    const names = cases.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(cases.map((hostile) => [hostile.name, hostile] as const))(
    "%s",
    async (_, hostile) => {
      const row = await runCase(scene, hostile, owed);
      expect(row?.state ?? "ignored").toBe(hostile.expect.state);
    },
    60_000,
  );

  test("each number that was used up is answered by a signed receipt", async () => {
    expect(await receiptFaults(scene, owed)).toEqual([]);
  }, 60_000);

  test("nothing was written beside the station, and its audit log verifies", async () => {
    const expected = /^(high|high\.passphrase|high\.card|stick-\d+)$/;
    expect(readdirSync(root).filter((name) => !expected.test(name))).toEqual([]);
    const verdict = await scene.call<AuditVerdict>("audit", "verify");
    expect(verdict).toMatchObject({ ok: true, firstBad: null });
  }, 60_000);
}
