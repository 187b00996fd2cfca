import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { createAuditLog } from "../../main/station/audit/log.ts";
import { openStore } from "../../main/station/store/open-store.ts";
import { foundStation } from "../support/stations.ts";
import { expect, goTo, signIn, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 120_000 });

/** More than one block of events, written before the station is opened. */
function grow(directory: string): void {
  const clock = (): Date => new Date();
  const store = openStore({ path: join(directory, "station.db"), backups: directory, clock });
  const log = createAuditLog(store, clock);
  store.write(() => {
    for (let each = 0; each < 600; each += 1) {
      log.append({ actor: "alice", action: "test.happened", object: "it", outcome: "done", details: {} });
    }
  });
  store.close();
}

test("events are sealed, exported and held, and the page says what may go and when", async ({
  root,
  browser,
}) => {
  const folder = join(root, "kept");
  const outside = join(root, "outside");
  mkdirSync(folder);
  mkdirSync(outside);
  const station = await foundStation(folder, "kept", "request");
  grow(station.directory);
  const serving = await serve(station.directory, join(root, "kept.egress"));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const watched = await openWatched(context, serving.address);
  const { page } = watched;
  await signIn(page, readFileSync(station.passphraseFile, "utf8").trimEnd());
  await goTo(page, "/audit/retention");
  await expect(page.getByText("Nothing is sealed yet")).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.getByRole("button", { name: "Seal whole blocks" }).click();
  const segment = page.getByRole("row", { name: /1 – 512/ });
  await expect(segment).toContainText("sealed");
  await segment.click();
  await page.getByRole("button", { name: "Export…" }).click();
  await page.getByLabel("folder on this workstation").fill(outside);
  await page.getByRole("dialog").getByRole("button", { name: "Export and read back" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0, { timeout: 30_000 });
  await expect(segment).toContainText("exported");
  expect(readdirSync(outside).toSorted()).toEqual([
    "audit-kept-1-512.jsonl.zst.age",
    "audit-kept-1-512.note",
  ]);
  await expect(page.getByText("sallyport-segment@v1")).toBeVisible();
  // A year is not over, so there is nothing that could be purged.
  await expect(page.getByRole("button", { name: "Purge…" })).toHaveCount(0);

  await page.getByRole("button", { name: "Set a hold…" }).click();
  await page.getByLabel("why").fill("case 7");
  await page.getByRole("dialog").getByRole("button", { name: "Set the hold" }).click();
  await expect(page.getByRole("row", { name: /case 7/ })).toBeVisible();
  await expect(segment).toContainText("held");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole("button", { name: "Lift…" }).click();
  await page.getByLabel("why it may be lifted").fill("case closed");
  await page.getByRole("dialog").getByRole("button", { name: "Lift the hold" }).click();
  await expect(page.getByText("No hold stands.")).toBeVisible();
  await expect(page.getByText("The log was never silent", { exact: false })).toBeVisible();

  watched.assertClean();
  await watched.close();
  await context.close();
  await serving.stop();
});
