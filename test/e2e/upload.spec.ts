import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { uploadPieceCharacters } from "../../shared/contract/uploads.ts";
import { expect, goTo, test } from "./console.ts";

test.describe.configure({ timeout: 180_000 });

test("a file larger than one message is read in the page and taken whole", async ({ low, root }) => {
  const lines = 12_000;
  const body = JSON.stringify({ text: "ü".repeat(400) });
  expect(lines * body.length).toBeGreaterThan(uploadPieceCharacters);
  const file = join(root, "large.jsonl");
  writeFileSync(file, `${body}\n`.repeat(lines));
  const page = await low.enter();
  await goTo(page, "/requests/new");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("user", { exact: true }).fill("dora");
  await dialog.locator("input[type=file]").setInputFiles(file);
  await expect(dialog.getByText(/^large\.jsonl, .* read in this page$/)).toBeVisible();
  await dialog.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(dialog.getByText("12\u202f000 submitted.")).toBeVisible({ timeout: 60_000 });
  await dialog.getByRole("button", { name: "Close", exact: true }).click();

  // The list pages by keyset both ways and never counts its rows.
  await goTo(page, "/requests/waiting");
  await expect(page.getByText("50 shown, newest first")).toBeVisible();
  const first = await page.locator("tr[data-row]").first().getAttribute("data-row");
  await page.getByRole("button", { name: "Older" }).click();
  await expect(page.locator("tr[data-row]").first()).not.toHaveAttribute("data-row", first ?? "");
  await page.getByRole("button", { name: "Newer" }).click();
  await expect(page.locator("tr[data-row]").first()).toHaveAttribute("data-row", first ?? "");
});
