import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createAuditLog } from "../../station/audit/log.ts";
import { openStore } from "../../station/store/open-store.ts";
import { openTestStation, passphrase } from "../../station/testing/open-test-station.ts";

const root = mkdtempSync(join(tmpdir(), "sallyport-purged-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a log whose oldest segment is purged is backed up, restored and verifies, stub and all", async () => {
  const directory = join(root, "station");
  const medium = join(root, "medium");
  for (const path of [directory, medium, join(root, "again")]) mkdirSync(path);
  let now = Date.parse("2026-11-21T08:00:00.000Z");
  let steady = 0;
  const times = { clock: () => new Date(now), steadyMs: () => steady };
  const low = await openTestStation("request", { directory, ...times });
  const client = await low.signedIn();
  const store = openStore({ path: join(directory, "station.db"), backups: root, clock: times.clock });
  const log = createAuditLog(store, times.clock);
  store.write(() => {
    while (log.head().events < 300) {
      log.append({ actor: "alice", action: "test.happened", object: "it", outcome: "done", details: {} });
    }
  });
  store.close();
  await client.audit.seal({});
  await client.audit.exportSegment({ segment: 1, folder: medium });
  const year = 366 * 86_400_000;
  now += year;
  steady += year;
  const later = await low.signedIn();
  await later.audit.purge({ segment: 1, confirm: "1-256" });
  const { folder } = await later.station.backup({ out: medium });
  await low.close();

  const again = await openTestStation(null, { directory: join(root, "again"), ...times });
  await again.client().client.station.restore({ from: folder, operator: "ada", passphrase });
  const back = await again.signedIn();
  expect(await back.audit.verify({})).toMatchObject({ ok: true });
  expect((await back.audit.standing({})).alarms).toEqual([]);
  await again.close();
});
