import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 180_000 });

test("an empty directory becomes a paired station in five steps", async ({ root, pair, browser }) => {
  const serving = await serve(join(root, "fresh"), join(root, "fresh.egress"));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const watched = await openWatched(context, serving.address);
  const { page } = watched;

  await expect(page.getByText("Which side of the gap is this machine on?")).toBeVisible();
  await expect(page.getByText("no side chosen yet")).toBeVisible();
  await page.getByRole("radio", { name: /^Response side/ }).check();
  await page.getByLabel("name", { exact: true }).fill("No Capitals");
  await expect(page.getByText(/1 to 32 lower-case letters/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Next" })).toBeDisabled();
  await page.getByLabel("name", { exact: true }).fill("fresh");
  await page.getByRole("button", { name: "Next" }).click();

  await page.getByLabel("operator", { exact: true }).fill("admin");
  await page.getByLabel("passphrase", { exact: true }).fill("too short");
  await page.getByLabel("once more").fill("and another");
  await page.getByRole("button", { name: /^Make station fresh/ }).click();
  await expect(page.getByRole("alert").first()).toContainText("15 characters or more");
  await page.getByLabel("passphrase", { exact: true }).fill("a passphrase of some length");
  await page.getByLabel("once more").fill("a passphrase of some length");
  await page.getByRole("button", { name: /^Make station fresh/ }).click();

  await expect(page.getByText("Each station needs the other's card")).toBeVisible({ timeout: 60_000 });
  await page.getByLabel("card", { exact: true }).fill(readFileSync(pair.low.cardFile, "utf8"));
  await page.getByRole("button", { name: "Add as pending" }).click();
  const words = page.getByRole("checkbox", { name: /^heard word/ });
  await expect(words).toHaveCount(8, { timeout: 30_000 });
  const trust = page.getByRole("button", { name: "All eight match: trust" });
  // Nothing is ticked for a person, and seven words are not enough.
  for (let place = 0; place < 7; place += 1) {
    await expect(words.nth(place)).not.toBeChecked();
    await words.nth(place).check();
  }
  await expect(trust).toHaveAttribute("aria-disabled", "true");
  await words.nth(7).check();
  await trust.click();
  await expect(page.getByText("low is trusted here.")).toBeVisible({ timeout: 30_000 });

  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("The first crossing")).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Open the console" }).click();
  await expect(
    page.getByRole("complementary", { name: "This window is station fresh, response side" }),
  ).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Watch" })).toBeVisible();

  watched.assertClean();
  await watched.close();
  await context.close();
  await serving.stop();
  expect(serving.outbound()).toEqual([]);
});
