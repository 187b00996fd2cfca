import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { foundStation } from "../support/stations.ts";
import { expect, signIn, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 120_000 });

const passphrase = "correct horse battery staple";

test("another station is made, founded and switched to, behind its own address and sign-in", async ({
  root,
  browser,
}) => {
  process.env["XDG_CONFIG_HOME"] = join(root, "config");
  process.env["XDG_DATA_HOME"] = join(root, "data");
  const low = await foundStation(join(root, "workspaces"), "low", "request");
  const serving = await serve(low.directory, join(root, "workspaces.egress"));
  delete process.env["XDG_CONFIG_HOME"];
  delete process.env["XDG_DATA_HOME"];
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const { page } = await openWatched(context, serving.address);
  const home = new URL(serving.address).origin;
  await signIn(page, passphrase);

  await page.getByRole("button", { name: /low request side\s+switch stations/ }).click();
  await page.getByRole("menuitem", { name: "Keep this station in my list" }).click();
  await expect(page.getByRole("menu")).toHaveCount(0);
  await page.getByRole("button", { name: /low request side\s+switch stations/ }).click();
  await page.getByRole("menuitem", { name: "Make a new station" }).click();
  await page.getByLabel("name", { exact: true }).fill("second");
  await page.getByRole("button", { name: "Make it and go there" }).click();

  // Its first run, on an origin of its own.
  await expect(page.getByText(/stations\/second/).first()).toBeVisible({ timeout: 30_000 });
  expect(new URL(page.url()).origin).not.toBe(home);
  await page.getByRole("radio", { name: /^Response side/ }).check();
  await page.getByLabel("name", { exact: true }).fill("second");
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByLabel(/passphrase/).first()).toBeVisible();

  // Back to the first: the session there ended when the tab left, and the list knows both.
  await page.goto("about:blank");
  await page.goto(home);
  await signIn(page, passphrase);
  await page.getByRole("button", { name: /low request side\s+switch stations/ }).click();
  await expect(page.getByRole("menuitem", { name: /second/ })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  await page.keyboard.press("Enter");
  await expect(page.getByText(/stations\/second/).first()).toBeVisible({ timeout: 30_000 });

  await context.close();
  await serving.stop();
});
