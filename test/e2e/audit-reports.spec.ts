import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { expect, goTo, test } from "./console.ts";

test.describe.configure({ timeout: 180_000 });

/** A note is text from people; it stands in the log, in the sign-off and in the next review. */
const payload = "</td><script>alert(1)</script><img src=x onerror=alert(2)>";

test("a review is made, signed by keyboard, saved, and compared to the byte later", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/audit/reports/review");
  await page.getByRole("button", { name: "Make the report" }).click();
  const sheet = page.getByRole("region", { name: "The report as it is printed" });
  await expect(sheet.getByRole("heading", { name: "Audit review" })).toBeVisible({ timeout: 30_000 });
  await expect(sheet.getByRole("table", { name: "What was done how often" })).toBeVisible();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as a file" }).click();
  const saved = await saving;
  const file = await saved.path();
  expect(readFileSync(file, "utf8")).toContain("sallyport-report@v1");

  await page.getByLabel("what was found").fill(payload);
  await page.getByLabel("passphrase of admin").focus();
  await page.keyboard.type(low.passphrase);
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary", { name: "Sign-off: audit review" });
  await expect(drawer.getByText("signed by one")).toBeVisible();
  await expect(drawer.getByText(payload, { exact: true })).toBeVisible();

  await goTo(page, "/audit/reports/integrity");
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose the file" }).click();
  await (await choosing).setFiles(file);
  await expect(page.getByText("The same to the byte.")).toBeVisible({ timeout: 30_000 });
  const choosingAgain = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose the file" }).click();
  const buffer = Buffer.from(readFileSync(file, "utf8").replace("Audit review", "Audit preview"));
  await (await choosingAgain).setFiles({ name: "changed.html", mimeType: "text/html", buffer });
  await expect(page.getByText("NOT the same as what comes out of the log.")).toBeVisible({ timeout: 30_000 });
});

test("the next review shows what somebody typed as text, in the window and in the file", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/audit/signoffs");
  await page.getByLabel("note", { exact: true }).fill(payload);
  await page.getByLabel("passphrase of admin").fill(low.passphrase);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: "Sign-off: shift" })).toBeVisible();
  await goTo(page, "/audit/reports/review");
  await page.getByLabel("first event").fill("1");
  await page.getByRole("button", { name: "Make the report" }).click();
  const sheet = page.getByRole("region", { name: "The report as it is printed" });
  await expect(sheet.getByText("<script>alert(1)</script>", { exact: false }).first()).toBeVisible({
    timeout: 30_000,
  });
  await expect(sheet.locator("script, img, iframe, style, a")).toHaveCount(0);

  // The file, opened by itself: its policy lets nothing run, and nothing of the text became an element.
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as a file" }).click();
  const html = readFileSync(await (await saving).path(), "utf8");
  const alone = await page.context().newPage();
  const faults: string[] = [];
  alone.on("dialog", () => faults.push("dialog"));
  alone.on("console", (message) => faults.push(message.text()));
  await alone.route("**/report.html", (route) => route.fulfill({ contentType: "text/html", body: html }));
  await alone.goto(new URL("/report.html", page.url()).href);
  await expect(alone.getByRole("heading", { level: 1, name: "Audit review" })).toBeVisible();
  await expect(alone.locator("body script, img, iframe, a")).toHaveCount(0);
  expect(await alone.evaluate(() => getComputedStyle(document.body).maxWidth)).not.toBe("none");
  expect((await new AxeBuilder({ page: alone }).analyze()).violations).toEqual([]);
  expect(faults).toEqual([]);
  await alone.close();
});

test("an access review is signed only after a word about everybody", async ({ low }) => {
  const page = await low.enter("light");
  await goTo(page, "/audit/reports/access");
  await page.getByRole("button", { name: "Make the report" }).click();
  const act = page.getByRole("button", { name: "Sign the review" });
  await expect(act).toHaveAttribute("title", "Not reviewed yet: admin", { timeout: 30_000 });
  await page
    .getByRole("radiogroup", { name: "what admin may do" })
    .getByText("keep", { exact: true })
    .click();
  await page.getByLabel("passphrase of admin").fill(low.passphrase);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await act.click();
  await expect(page.getByRole("complementary", { name: "Sign-off: access review" })).toBeVisible();
});
