import { readFileSync } from "node:fs";
import { expect, goTo, test } from "./console.ts";

test.describe.configure({ timeout: 120_000 });

test("the log's head goes on paper, and what was scanned back is compared", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/audit/checkpoints");
  await page.getByRole("button", { name: "Make the page" }).click();
  const sheet = page.getByRole("region", { name: "The page as it is printed" });
  await expect(sheet.getByRole("img", { name: "The signed note, for a scanner" })).toBeVisible();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as a file" }).click();
  const html = readFileSync(await (await saved).path(), "utf8");
  expect(html).toContain("Content-Security-Policy");
  expect(html).not.toMatch(/<script|https?:/);

  // Printed alone: the console is not on the paper.
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => {
    window.print = () => {};
  });
  await page.getByRole("button", { name: "Print", exact: true }).dispatchEvent("click");
  await expect(page.locator(".printed-alone")).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeHidden();
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await expect(page.locator(".printed-alone")).toHaveCount(0);
  await page.emulateMedia({ media: "screen" });

  const note = await sheet.locator("pre").innerText();
  await page.getByLabel("the note as it was scanned").fill(note);
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await expect(page.getByText(/^The log (is|goes on from) what the paper says/)).toBeVisible();
  await expect(page.getByText("this station's own key signed the paper")).toBeVisible();
});

test("a code that was typed wrongly is no alarm yet, by keyboard alone", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/audit/checkpoints");
  await page.getByRole("radio", { name: "Scanned text" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByLabel("number of events").fill("3");
  await page.keyboard.press("Tab");
  await page.keyboard.type("00000 00000");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The log is NOT what the paper says.")).toBeVisible();
  await expect(page.getByRole("button", { name: "It is typed right: raise the alarm" })).toBeVisible();
  await goTo(page, "/audit");
  await expect(page.getByRole("row", { name: /checkpoint-compared/ }).first()).toBeVisible();
  await expect(page.getByText("The log is not what was printed")).toHaveCount(0);
});
