import { expect, goTo, signIn, test } from "./console.ts";

test.describe.configure({ timeout: 120_000 });

test("Ctrl L hides everything at once and forgets it", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/audit");
  await expect(page.getByRole("row", { name: /signed-in/ }).first()).toBeVisible();
  await page.keyboard.press("Control+l");
  await expect(page.getByText("Both doors are shut")).toBeVisible();
  await expect(page.getByText(/Locked by admin/)).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(0);
  expect(await page.content()).not.toContain("signed-in");
  // The address still names the page; without the passphrase it shows nothing of it.
  await goTo(page, "/requests");
  await expect(page.getByText("Both doors are shut")).toBeVisible();
  await signIn(page, low.passphrase);
  await expect(page.getByRole("heading", { level: 1, name: "Requests" })).toBeVisible();
});

test("a lock in one window hides every window of that operator, in this browser and in another", async ({
  low,
  browser,
}) => {
  const first = await low.enter();
  const second = await low.enter();
  // Another browser with the same way in, so that nothing but the station can tell it.
  const elsewhere = await browser.newContext({ storageState: await first.context().storageState() });
  const third = await elsewhere.newPage();
  await third.goto(new URL("/", first.url()).href);
  await signIn(third, low.passphrase);
  for (const page of [second, third]) {
    await goTo(page, "/audit");
    await expect(page.getByRole("row", { name: /signed-in/ }).first()).toBeVisible();
  }
  await first.keyboard.press("Control+l");
  for (const page of [first, second, third]) {
    await expect(page.getByText("Both doors are shut")).toBeVisible();
    await expect(page.getByRole("row")).toHaveCount(0);
    expect(await page.content()).not.toContain("signed-in");
  }
  // Reading a page's own address gives nothing either.
  await goTo(third, "/people");
  await expect(third.getByText("Both doors are shut")).toBeVisible();
  await elsewhere.close();
});

test("a page that is loaded again waits for the passphrase, and goes on with its session", async ({
  low,
}) => {
  const page = await low.enter();
  await page.reload();
  await expect(page.getByText("If your session still waits")).toBeVisible();
  await signIn(page, low.passphrase);
  await goTo(page, "/people/sessions");
  await expect(page.getByText("Chrome").first()).toBeVisible();
  await goTo(page, "/audit?q=action%3Asession.resumed");
  await expect(page.getByRole("row", { name: /resumed/ }).first()).toBeVisible();
});

test("a wrong passphrase opens nothing, is counted, and is shown to whoever comes next", async ({ low }) => {
  const page = await low.open();
  await page.getByLabel("passphrase", { exact: true }).fill("this is not the passphrase");
  await page.keyboard.press("Enter");
  await expect(page.getByText("That was not it.")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("1 wrong try")).toBeVisible();
  await expect(page.getByLabel("passphrase", { exact: true })).toHaveValue("");
  await expect(page.getByLabel("passphrase", { exact: true })).toBeEnabled({ timeout: 30_000 });
  await page.getByLabel("passphrase", { exact: true }).fill(low.passphrase);
  await page.keyboard.press("Enter");
  await expect(page.getByText("One look, then it opens")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("1 wrong try")).toBeVisible();
  await page.getByRole("button", { name: "Yes, that was me" }).click();
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
});

test("an address that names no page says so and leads on", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/secrets/of/a/later/day");
  await expect(page.getByText("There is no such page")).toBeVisible();
  await page.getByRole("link", { name: "Go to Watch" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Watch" })).toBeVisible();
});

test("the rail has no page that can do nothing yet", async ({ low }) => {
  const page = await low.enter();
  const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
  await expect(links).toHaveText([/Watch/, /Transfer/, /Requests/, /Audit/, /People/, /Station/]);
});
