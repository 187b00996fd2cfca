import type { Page } from "@playwright/test";
import { expect, test, type Console } from "./console.ts";

// In this order: the second imports what the first has written.
test.describe.configure({ mode: "serial", timeout: 180_000 });

/** Runs an action of the palette by typing its name. */
async function act(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "All actions" })).toBeVisible();
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
}

/** Presses Tab until the named thing has the focus; fails when the page has no such stop. */
async function tabTo(page: Page, target: ReturnType<Page["locator"]>): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab never reached it");
}

/** Opens the console and signs in, by keyboard alone. */
async function enter(station: Console): Promise<Page> {
  const page = await station.open();
  await expect(page.getByLabel("passphrase", { exact: true })).toBeFocused();
  await page.keyboard.type(station.passphrase);
  await page.keyboard.press("Enter");
  const yes = page.getByRole("button", { name: "Yes, that was me" });
  const rail = page.getByRole("navigation", { name: "Pages" });
  await expect(yes.or(rail)).toBeVisible({ timeout: 30_000 });
  if (await yes.isVisible()) await page.keyboard.press("Enter");
  await expect(rail).toBeVisible();
  return page;
}

test("the main path works by keyboard alone", async ({ low, stick }) => {
  const page = await enter(low);

  await act(page, "Submit requests");
  const dialog = page.getByRole("dialog", { name: "Submit requests" });
  await tabTo(page, dialog.getByLabel("user", { exact: true }));
  await page.keyboard.type("bob");
  await tabTo(page, dialog.getByLabel("bodies"));
  await page.keyboard.insertText('"by keyboard"');
  await tabTo(page, dialog.getByRole("button", { name: "Submit", exact: true }));
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("1 submitted.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  await page.keyboard.press("Control+2");
  await expect(page.getByRole("heading", { level: 1, name: "Transfer" })).toBeVisible();
  await tabTo(page, page.getByLabel("folder", { exact: true }));
  await page.keyboard.type(stick);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /Seal and write for high/ })).not.toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await act(page, "Export to a medium");
  const question = page.getByRole("dialog", { name: /Seal what waits/ });
  await tabTo(page, question.getByRole("button", { name: "Seal and write", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /Written, not proved/ })).toBeVisible({ timeout: 60_000 });

  await page.keyboard.press("Control+3");
  const table = page.getByRole("table", { name: "Requests" });
  await tabTo(page, table.locator("tr[data-row]").first());
  await page.keyboard.press("Space");
  await expect(page.getByText("1 selected")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: /^Request / })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary", { name: /^Request / })).toHaveCount(0);
});

test("what was written is imported and answered by keyboard alone", async ({ high, stick }) => {
  const page = await enter(high);

  await act(page, "Import from a medium");
  await expect(page.getByRole("heading", { level: 2, name: "Choose a medium to look at." })).toBeVisible();
  await tabTo(page, page.getByLabel("folder", { exact: true }));
  await page.keyboard.type(stick);
  await page.keyboard.press("Enter");
  await expect(page.getByText(/bags can be imported\.$/)).toBeVisible();
  // One row of a table is a stop of Tab; arrows lead to the others.
  await tabTo(page, page.getByRole("table", { name: "Bags" }).locator("tr[tabindex='0']"));
  await page.keyboard.press("Enter");
  await expect(page.getByText("what it is")).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Import", exact: true }));
  await page.keyboard.press("Enter");
  const question = page.getByRole("dialog", { name: "Import what is on this medium?" });
  await tabTo(page, question.getByRole("button", { name: "Import", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Imported", exact: true })).toBeVisible({ timeout: 60_000 });
  await tabTo(page, page.getByRole("button", { name: "Done: back to the gate" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /^Both doors are shut/ })).toBeVisible();

  await act(page, "Answer what waits");
  const answer = page.getByRole("button", { name: "Answer what waits" });
  await tabTo(page, answer);
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^\d+ answered, 0 answered with an error\.$/)).toBeVisible();
  await tabTo(page, page.getByRole("table", { name: "Requests" }).locator("tr[data-row]").first());
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: /^Request / })).toBeVisible();
});

test("keys open pages, go back and forth, and show themselves", async ({ low }) => {
  const page = await low.enter();
  await page.keyboard.press("Control+4");
  await expect(page.getByRole("heading", { level: 1, name: "Audit" })).toBeVisible();
  await page.keyboard.press("Control+6");
  await expect(page.getByRole("heading", { level: 1, name: "Station" })).toBeVisible();
  await page.keyboard.press("Alt+ArrowLeft");
  await expect(page.getByRole("heading", { level: 1, name: "Audit" })).toBeVisible();
  await page.keyboard.press("Alt+ArrowRight");
  await expect(page.getByRole("heading", { level: 1, name: "Station" })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("rows of a table are walked with arrows, Home and End", async ({ low }) => {
  const page = await low.enter();
  await page.keyboard.press("Control+4");
  const rows = page.getByRole("table", { name: "Events" }).locator("tr[data-row]");
  await rows.first().waitFor();
  await tabTo(page, rows.first());
  await page.keyboard.press("ArrowDown");
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press("End");
  await expect(rows.last()).toBeFocused();
  await page.keyboard.press("Home");
  await expect(rows.first()).toBeFocused();
});
