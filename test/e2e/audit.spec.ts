import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { foundStation } from "../support/stations.ts";
import { expect, goTo, signIn, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 120_000 });

test("the log is searched by its grammar, and the search is in the address", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/audit");
  await expect(page.getByRole("row", { name: /founded/ })).toBeVisible();
  const line = page.getByLabel("search the log");
  await line.fill('action:"signed in" seq:1..9999');
  await line.press("Enter");
  await expect(page.getByRole("row", { name: /founded/ })).toHaveCount(0);
  await expect(page.getByRole("row", { name: /signed-in/ }).first()).toBeVisible();
  await expect(page.getByText(/found in events 1 to /)).toBeVisible();
  expect(page.url()).toContain("q=");

  await line.fill("since:whenever (((");
  await line.press("Enter");
  await expect(page.getByText("Means nothing here and was left out:")).toBeVisible();
  await page.goBack();
  await expect(line).toHaveValue('action:"signed in" seq:1..9999');
  await page.goBack();
  await expect(page.getByRole("row", { name: /founded/ })).toBeVisible();
});

test("an event shows its way to the signed root, and hands the proof out", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/audit/verify");
  await expect(page.getByText(/^The log is whole: /)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/^verified to/)).toBeVisible();
  await goTo(page, "/audit/2");
  const drawer = page.getByRole("complementary", { name: "Event 2" });
  await expect(drawer.getByText("in the tree")).toBeVisible();
  await expect(drawer.getByText(/sallyport\/[0-9a-f]{32}\/[0-9a-f]{16}/)).toBeVisible();
  const saved = page.waitForEvent("download");
  await drawer.getByRole("button", { name: "Save .tlog-proof" }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe("event-2.tlog-proof");
  expect(readFileSync(await download.path(), "utf8")).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra /);
});

test("what was found goes into a folder with its proofs, by keyboard alone", async ({ low, stick }) => {
  const target = join(stick, "audit");
  mkdirSync(target, { recursive: true });
  const page = await low.enter();
  await goTo(page, "/audit?q=founded");
  await page.getByRole("button", { name: "Export with proofs" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("folder on this workstation").fill(target);
  await page.keyboard.press("Enter");
  await expect(page.getByText(/1 events? written and synced/)).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const [made = ""] = readdirSync(target);
  expect(readdirSync(join(target, made)).toSorted()).toEqual([
    "README.txt",
    "checkpoint.txt",
    "events.csv",
    "events.jsonl",
    "proofs.jsonl",
  ]);
});

test("a log that was touched closes the station until somebody has looked, and the page says why", async ({
  root,
  browser,
}) => {
  const folder = join(root, "touched");
  mkdirSync(folder);
  const station = await foundStation(folder, "cut", "request");
  rmSync(join(station.directory, "audit", "head"));
  const serving = await serve(station.directory, join(root, "touched.egress"));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const watched = await openWatched(context, serving.address);
  const { page } = watched;
  await signIn(page, readFileSync(station.passphraseFile, "utf8").trimEnd());
  await expect(page.getByText("One thing needs you: The audit log is not what it was.")).toBeVisible();
  await goTo(page, "/audit");
  await expect(page.getByText("The head file is gone", { exact: true })).toBeVisible();
  await expect(page.getByText("changes nothing", { exact: false }).first()).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.getByRole("button", { name: "Settle…" }).click();
  await page.getByLabel("what was found out").fill("taken away by this test");
  await page.getByRole("dialog").getByRole("button", { name: "Settle the alarm" }).click();
  await expect(page.getByText("The head file is gone", { exact: true })).toHaveCount(0);
  await expect(page.getByRole("row", { name: /alarm-settled/ })).toBeVisible();

  watched.assertClean();
  await watched.close();
  await context.close();
  await serving.stop();
});
