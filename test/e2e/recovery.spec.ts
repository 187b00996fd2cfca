import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { foundStation } from "../support/stations.ts";
import { expect, goTo, signIn, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 240_000 });

const admins = "correct horse battery staple";
const fresh = "the one that admin chose on the bad day";

async function axe(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`),
    where,
  ).toEqual([]);
}

/** Reads one sheet off the screen, hides it, and types the asked line back by keyboard alone. */
async function handOver(page: Page, share: number, last: boolean): Promise<string> {
  const region = page.getByRole("region", { name: `Share ${share} of 3` });
  const lines = region.getByRole("list").first().getByRole("listitem");
  await expect(lines).toHaveCount(7);
  const texts = await lines.allInnerTexts();
  await page.getByRole("button", { name: "It is printed: hide it" }).press("Enter");
  const field = region.getByRole("textbox");
  await expect(field).toBeVisible();
  await expect(page.getByText(texts[0] ?? "", { exact: true })).toHaveCount(0);
  const asked = await region.getByText(/^line \d, from the paper$/).innerText();
  await field.fill((texts[Number(/\d/.exec(asked)?.[0]) - 1] ?? "").toLowerCase());
  await expect(
    page.getByRole("button", { name: last ? "Put the set in force" : "Next sheet" }),
  ).toBeEnabled();
  await field.press("Enter");
  return texts.join("\n");
}

test("shares are printed, tried, and open the station; every window says so until it is reviewed", async ({
  root,
  browser,
}) => {
  const station = await foundStation(join(root, "recovery"), "crew", "request");
  const serving = await serve(station.directory, join(root, "recovery.egress"));
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
  });
  const one = await openWatched(context, serving.address);
  const other = await openWatched(context, new URL("/", serving.address).href);
  const { page } = one;

  await signIn(page, admins);
  await goTo(page, "/people/recovery");
  await expect(page.getByText("There are no recovery shares.")).toBeVisible();
  await page.getByRole("button", { name: "Make recovery shares" }).click();
  await page.getByLabel("your own passphrase").fill(admins);
  await axe(page, "making a set");
  await page.getByRole("button", { name: "Make the sheets" }).click();
  await expect(page.getByRole("region", { name: "Share 1 of 3" })).toBeVisible({ timeout: 30_000 });
  await axe(page, "a sheet");
  const shares = [];
  for (const share of [1, 2, 3]) shares.push(await handOver(page, share, share === 3));
  await expect(page.getByText("Any 2 of 3 shares open this station.")).toBeVisible({ timeout: 30_000 });

  await page.getByLabel("share 1").fill(shares[0] ?? "");
  await page.getByLabel("share 2").fill((shares[1] ?? "").replace(/^./, "U"));
  await expect(page.getByText("Line 1 holds a sign that no share has")).toBeVisible();
  await axe(page, "a mistyped share");
  await page.getByLabel("share 2").fill(shares[1] ?? "");
  await page.getByLabel("your own passphrase").fill(admins);
  await page.getByRole("button", { name: "Try them" }).click();
  await expect(page.getByText(/Shares 1, 2 of set 1 open this station/)).toBeVisible({ timeout: 30_000 });

  // At the other window's closed door, with another pair of sheets.
  const door = other.page;
  await door.getByRole("button", { name: "Open with recovery shares" }).click();
  await door.getByLabel("share 1").fill(shares[2] ?? "");
  await door.getByLabel("share 2").fill(shares[0] ?? "");
  await door.getByLabel("their new passphrase", { exact: true }).fill(fresh);
  await door.getByLabel("once more").fill(fresh);
  await axe(door, "opening with shares");
  await door.getByRole("button", { name: "Open the station" }).click();
  await expect(door.getByText(/The station is open again/)).toBeVisible({ timeout: 30_000 });
  await expect(door.getByText(/Nobody has reviewed it yet/)).toBeVisible();
  await axe(door, "the banner at the door");

  // The first window's session ended, and it says why.
  await expect(page.getByText(/Nobody has reviewed it yet/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("navigation", { name: "Pages" })).toHaveCount(0);

  await door.getByRole("button", { name: "Back to sign-in" }).click();
  await signIn(door, fresh);
  for (const place of ["/", "/transfer", "/audit", "/station"]) {
    await goTo(door, place);
    await expect(door.getByRole("link", { name: "Review it" })).toBeVisible();
  }
  await door.getByRole("link", { name: "Review it" }).click();
  await axe(door, "the review");
  await door.getByLabel("what you found").fill("all three of us were in the room");
  await door.getByRole("button", { name: "Reviewed" }).click();
  await expect(door.getByRole("link", { name: "Review it" })).toHaveCount(0);
  await expect(page.getByText(/Nobody has reviewed it yet/)).toHaveCount(0);

  // Whoever was let in makes new keys, since nobody knows who saw the old ones.
  await goTo(door, "/station/keys");
  await door.getByRole("button", { name: "Rotate the keys" }).click();
  await door.getByLabel("why, for the log").fill("after the bad day");
  await axe(door, "asking for a rotation");
  await door.getByRole("dialog").getByRole("button", { name: "Rotate the keys" }).click();
  await expect(door.getByText("New keys are in force, and card 2.")).toBeVisible({ timeout: 30_000 });
  await expect(door.getByText("replaced", { exact: true })).toHaveCount(5);
  await axe(door, "after a rotation");

  one.assertClean();
  other.assertClean();
  await context.close();
  await serving.stop();
  expect(serving.outbound()).toEqual([]);
});
