import { mkdirSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { foundStation } from "../support/stations.ts";
import { chooseFolder, expect, goTo, signIn, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 120_000 });

const passphrase = "correct horse battery staple";

async function axe(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`),
    where,
  ).toEqual([]);
}

test("a station is backed up, lost, restored into an empty directory and reviewed", async ({
  root,
  browser,
}) => {
  const station = await foundStation(join(root, "lost"), "vault", "request");
  const medium = join(root, "backup-medium");
  mkdirSync(medium);
  const serving = await serve(station.directory, join(root, "lost.egress"));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const first = await openWatched(context, serving.address);
  const page = first.page;

  await signIn(page, passphrase);
  await goTo(page, "/station/backup");
  await expect(page.getByText("This station has never been backed up.")).toBeVisible();
  await chooseFolder(page, medium);
  await page.getByRole("button", { name: "Back up now" }).click();
  await axe(page, "the question before a backup");
  await page.getByRole("dialog").getByRole("button", { name: "Back up now" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0, { timeout: 60_000 });
  await expect(page.getByRole("heading", { name: /^The last backup is .* old\./ })).toBeVisible();
  await expect(page.getByRole("table", { name: "Backups" }).getByRole("row")).toHaveCount(2);
  await page.getByRole("button", { name: "Check a backup" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Check a backup" }).click();
  await expect(page.getByText("It opens", { exact: true })).toBeVisible({ timeout: 60_000 });
  await axe(page, "the page of backups");
  first.assertClean();
  await context.close();
  await serving.stop();

  const directory = join(root, "restored");
  mkdirSync(directory);
  const again = await serve(directory, join(root, "restored.egress"));
  const fresh = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const second = await openWatched(fresh, again.address);
  const back = second.page;
  await back.getByRole("button", { name: "Restore a backup instead" }).click();
  await back.getByLabel("backup", { exact: true }).fill(medium);
  await back.getByLabel("administrator in it").fill("admin");
  await back.getByLabel("passphrase of then").fill("not the right passphrase");
  await axe(back, "the restore");
  await back.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(back.getByText("do not open this backup")).toBeVisible();
  await back.getByLabel("passphrase of then").fill(passphrase);
  await back.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(back.getByLabel("passphrase", { exact: true })).toBeVisible({ timeout: 60_000 });
  await signIn(back, passphrase);
  await expect(back.getByRole("button", { name: /Look.*waits to be reviewed/ })).toBeVisible();

  await goTo(back, "/station/backup");
  await expect(
    back.getByText("This station was restored, and exports and imports nothing yet."),
  ).toBeVisible();
  await expect(back.getByText("1 of 1 wait for a word")).toBeVisible();
  await axe(back, "the review");
  await back.getByRole("button", { name: /Confirm.*admin/ }).click();
  await expect(back.getByText("every one has its word")).toBeVisible();
  await back.getByRole("button", { name: "Finish the review" }).click();
  await back.getByRole("dialog").getByRole("button", { name: "Finish the review" }).click();
  await expect(back.getByRole("dialog")).toHaveCount(0);
  await expect(back.getByRole("heading", { name: /^The last backup is/ })).toBeVisible();
  second.assertClean();
  await fresh.close();
  await again.stop();
});
