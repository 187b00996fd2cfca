import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, goTo, test } from "./console.ts";
import type { ThemeName } from "./watched-page.ts";

test.describe.configure({ timeout: 240_000 });

const places = [
  "/",
  "/transfer",
  "/transfer/inbox",
  "/transfer/outbox",
  "/transfer/ledger",
  "/transfer/peers",
  "/transfer/quarantine",
  "/transfer/alarms",
  "/requests",
  "/audit",
  "/audit/1",
  "/audit/checkpoints",
  "/audit/retention",
  "/audit/signoffs",
  "/audit/reports",
  "/people",
  "/people/approvals",
  "/people/sessions",
  "/people/roles",
  "/people/recovery",
  "/station",
  "/station/backup",
  "/station/keys",
  "/station/about",
] as const;

/** WCAG 2.2 A and AA and axe's own best practices; the contrast of every theme is among them. */
async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
  );
}

const themes: readonly ThemeName[] = ["dark", "light", "contrast"];

for (const theme of themes) {
  test(`axe finds nothing on any page in ${theme}`, async ({ low }) => {
    const page = await low.open(theme);
    expect(await faultsOf(page), "sign-in").toEqual([]);
    await page.getByLabel("passphrase", { exact: true }).fill(low.passphrase);
    await page.keyboard.press("Enter");
    const yes = page.getByRole("button", { name: "Yes, that was me" });
    const rail = page.getByRole("navigation", { name: "Pages" });
    await expect(yes.or(rail)).toBeVisible({ timeout: 30_000 });
    if (await yes.isVisible()) {
      expect(await faultsOf(page), "last look").toEqual([]);
      await yes.click();
    }
    for (const place of places) {
      await goTo(page, place);
      expect(await faultsOf(page), place).toEqual([]);
    }
    await goTo(page, "/requests/new");
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await faultsOf(page), "dialog").toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: "All actions" })).toBeVisible();
    expect(await faultsOf(page), "palette").toEqual([]);
  });

  test(`axe finds nothing on the components in ${theme}`, async ({ low }) => {
    const page = await low.open(theme);
    await goTo(page, "/components");
    for (const side of ["request side", "response side"]) {
      await page.getByRole("radio", { name: side }).check({ force: true });
      expect(await faultsOf(page), side).toEqual([]);
    }
  });
}

test("nothing is cut off or lost on a small window", async ({ low }) => {
  const page = await low.enter();
  await page.setViewportSize({ width: 1024, height: 700 });
  for (const place of places) {
    await goTo(page, place);
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wider, `${place} scrolls sideways`).toBe(0);
  }
  expect(await faultsOf(page)).toEqual([]);
});
