import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, goTo, test } from "./console.ts";

test.describe.configure({ timeout: 180_000 });

async function axe(page: Page): Promise<void> {
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
}

test("a search gets a name, stands beside the line and among all actions, is replaced and removed", async ({
  low,
}) => {
  const page = await low.enter();
  await goTo(page, "/audit");
  const line = page.getByLabel("search the log");
  await line.fill("action:opened");
  await line.press("Enter");
  await page.getByRole("button", { name: "Save this search…" }).click();
  await page.getByLabel("name", { exact: true }).fill("the beginning");
  await page.getByLabel("for everyone at this station").check();
  await axe(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "the beginning", exact: true })).toBeVisible();

  await page.getByRole("button", { name: "Clear the search" }).click();
  await expect(page.getByRole("button", { name: "Remove the beginning" })).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Search the log: the beginning");
  await page.keyboard.press("Enter");
  await expect(line).toHaveValue("action:opened");

  await line.fill("action:station.opened");
  await line.press("Enter");
  await page.getByRole("button", { name: "Save this search…" }).click();
  await page.getByLabel("name", { exact: true }).fill("the beginning");
  await expect(page.getByText("It takes the place of your search: action:opened")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Remove the beginning" }).click();
  await expect(page.getByRole("button", { name: "the beginning", exact: true })).toHaveCount(0);
});

test("the log over time is narrowed by keys, by drag and from its table", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/audit");
  const picture = page.getByRole("slider", { name: /^Spans of time/ });
  await expect(picture).toBeVisible();
  await expect(picture).toHaveAttribute("aria-valuetext", /events, \d+ of them refused or failed$/);
  await picture.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Enter");
  const line = page.getByLabel("search the log");
  await expect(line).toHaveValue(/^since:\S+ until:\S+$/);
  await expect(page.getByText(/found in events/)).toBeVisible();

  await page.goBack();
  await expect(line).toHaveValue("");
  const box = await picture.boundingBox();
  if (box === null) throw new Error("the picture has no place");
  await page.mouse.move(box.x + box.width * 0.1, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 30, { steps: 4 });
  await page.mouse.up();
  await expect(line).toHaveValue(/^since:\S+ until:\S+$/);

  await page.goBack();
  await expect(line).toHaveValue("");
  await page.getByRole("button", { name: "As a table" }).click();
  const table = page.getByRole("table", { name: "What was found, over time" });
  await expect(table.getByRole("row").nth(1)).toBeVisible();
  await axe(page);
  await table.getByRole("row").nth(1).click();
  await expect(line).toHaveValue(/^since:\S+ until:\S+$/);
});

for (const theme of ["light", "contrast"] as const) {
  test(`the picture follows the theme ${theme}`, async ({ low }) => {
    const page = await low.enter(theme);
    await goTo(page, "/audit");
    await expect(page.getByRole("slider", { name: /^Spans of time/ })).toBeVisible();
    await axe(page);
  });
}
