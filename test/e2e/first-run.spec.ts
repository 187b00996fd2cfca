import { readFileSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched, type ThemeName } from "./watched-page.ts";

test.describe.configure({ timeout: 180_000 });

const themes: readonly ThemeName[] = ["contrast", "light", "dark"];

/** What axe finds on the page as it stands, in a theme. */
async function faultsIn(page: Page, theme: ThemeName): Promise<string[]> {
  await page.evaluate((chosen) => {
    document.documentElement.dataset["theme"] = chosen;
  }, theme);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

test("an empty directory becomes a paired station in five steps", async ({ root, pair, browser }) => {
  const serving = await serve(join(root, "fresh"), join(root, "fresh.egress"));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const watched = await openWatched(context, serving.address);
  const { page } = watched;

  await expect(page.getByText("Which side of the gap is this machine on?")).toBeVisible();
  await expect(page.getByText("no side chosen yet")).toBeVisible();
  const axe = async (step: string): Promise<void> => {
    for (const theme of themes) expect(await faultsIn(page, theme), `${step} in ${theme}`).toEqual([]);
  };
  await axe("side");
  await page.getByRole("radio", { name: /^Response side/ }).check();
  await page.getByLabel("name", { exact: true }).fill("No Capitals");
  await expect(page.getByText(/1 to 32 lower-case letters/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Next" })).toBeDisabled();
  await page.getByLabel("name", { exact: true }).fill("fresh");
  await page.getByRole("button", { name: "Next" }).click();

  await axe("operator");
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
  await axe("pair");
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
  await axe("trusted");

  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("The first crossing")).toBeVisible();
  await axe("crossing");
  await page.getByRole("button", { name: "Load the sample documents" }).click();
  await expect(page.getByText(/^\d+ documents are here to be searched\.$/)).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await axe("done");
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

test("the request side may submit sample requests made from facts of this machine", async ({
  root,
  browser,
}) => {
  const serving = await serve(join(root, "asking"), join(root, "asking.egress"));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const watched = await openWatched(context, serving.address);
  const { page } = watched;
  await page.getByRole("radio", { name: /^Request side/ }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("operator", { exact: true }).fill("admin");
  await page.getByLabel("passphrase", { exact: true }).fill("a passphrase of some length");
  await page.getByLabel("once more").fill("a passphrase of some length");
  await page.getByRole("button", { name: /^Make station low/ }).click();
  await page.getByRole("button", { name: "Later" }).click({ timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Leave it out" })).toBeVisible();
  await page.getByRole("button", { name: "Submit five sample requests" }).click();
  await expect(page.getByText("5 submitted; they wait to be sealed.")).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Open the console" }).click();
  await page.keyboard.press("Control+3");
  await expect(page.getByRole("row", { name: /to be sealed/ })).toHaveCount(5);
  await page.getByRole("row", { name: /echo/ }).first().click();
  await expect(page.getByRole("complementary", { name: /^Request / })).toContainText('"check"');
  watched.assertClean();
  await watched.close();
  await context.close();
  await serving.stop();
});
