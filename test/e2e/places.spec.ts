import type { Page } from "@playwright/test";
import { expect, goTo, test } from "./console.ts";

test.describe.configure({ timeout: 180_000 });

async function submit(page: Page, user: string): Promise<void> {
  await goTo(page, "/requests/new");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("user", { exact: true }).fill(user);
  await dialog.getByLabel("bodies").fill('{"filter":"me"}');
  await dialog.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(dialog.getByText("1 submitted.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close", exact: true }).click();
}

test("filters of the requests stand in the address, and back and forward bring them again", async ({
  low,
}) => {
  const page = await low.enter();
  await submit(page, "filter-one");
  await submit(page, "filter-two");
  const rows = page.getByRole("table", { name: "Requests" }).locator("tr[data-row]");
  const hash = (): Promise<string> => page.evaluate(() => location.hash);
  await page.getByLabel("user", { exact: true }).fill("filter-one");
  await page.getByLabel("user", { exact: true }).press("Enter");
  await expect(rows).toHaveCount(1);
  expect(await hash()).toContain("?user=filter-one");
  await rows.first().click();
  await expect(page.getByRole("complementary", { name: /^Request / })).toBeVisible();
  expect(await hash()).toMatch(/^#\/requests\/all\/.+\?user=filter-one$/);
  await page.keyboard.press("Escape");
  await expect(rows).toHaveCount(1);
  await page.getByRole("radio", { name: /^answered/ }).check({ force: true });
  await expect(page.getByText("No request fits these filters")).toBeVisible();
  expect(await hash()).toBe("#/requests/answered?user=filter-one");
  await page.goBack();
  await expect(rows).toHaveCount(1);
  await goTo(page, "/requests/waiting?user=filter-two&kind=echo");
  await expect(page.getByLabel("user", { exact: true })).toHaveValue("filter-two");
  await expect(page.getByLabel("kind", { exact: true })).toHaveValue("echo");
  await expect(rows).toHaveCount(1);
  await page.getByRole("button", { name: "Show all" }).click();
  expect(await hash()).toBe("#/requests/waiting");
  await page.keyboard.press("Alt+ArrowLeft");
  await expect(page.getByLabel("user", { exact: true })).toHaveValue("filter-two");

  await page.getByLabel("user", { exact: true }).fill("No Capitals");
  await page.getByLabel("user", { exact: true }).press("Enter");
  await expect(page.getByText("small letters, digits, dots, hyphens or underscores")).toBeVisible();
});

test("a one-time address that is opened with a valid cookie leaves no token behind", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/station");
  await page.evaluate(() => {
    location.hash = "t=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
  });
  await expect(page.getByRole("heading", { level: 1, name: "Watch" })).toBeVisible();
  expect(await page.evaluate(() => location.href)).not.toContain("t=");
  await page.goto(`${new URL("/", page.url()).href}#t=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ`);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await page.evaluate(() => location.href)).not.toContain("t=");
});
