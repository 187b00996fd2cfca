import { expect, goTo, test } from "./console.ts";

test.describe.configure({ timeout: 180_000 });

/** What people have put into fields to make a page run it, by the sink that it aims at. */
const payloads = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  '"><svg/onload=alert(1)>',
  "javascript:alert(1)",
  '<a href="javascript:alert(1)">click</a>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  "<style>*{display:none}</style>",
  '<base href="https://example.org/">',
  '<meta http-equiv="refresh" content="0;url=https://example.org/">',
  "{{constructor.constructor('alert(1)')()}}",
  "${alert(1)}",
  "</textarea><script>alert(1)</script>",
  "https://example.org/path?x=1",
  "data:text/html,<script>alert(1)</script>",
  "<details open ontoggle=alert(1)>",
  "\u202etxt.exe\u202c",
  "a\u200bb\u2066c\u2069",
  "\u001b[31mred\u001b[0m\u0007",
] as const;

test("text from outside is shown as text, its marks boxed, and nothing of it runs", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/requests/new");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("user", { exact: true }).fill("mallory");
  await dialog.getByLabel("bodies").fill(payloads.map((payload) => JSON.stringify({ payload })).join("\n"));
  await dialog.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(dialog.getByText(`${payloads.length} submitted.`)).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole("button", { name: "Close", exact: true }).click();

  const rows = page.getByRole("table", { name: "Requests" }).getByRole("row", { name: /mallory/ });
  await expect(rows).toHaveCount(payloads.length);
  const seen: string[] = [];
  for (let place = 0; place < payloads.length; place += 1) {
    await rows.nth(place).click();
    const body = page
      .getByRole("complementary", { name: /^Request / })
      .getByRole("region", { name: "Request body" });
    await expect(body).toBeVisible();
    seen.push((await body.innerText()).replaceAll(/\s+/g, " "));
    await expect(body.locator("a, img, script, iframe, style, svg, base, meta, details")).toHaveCount(0);
  }
  const all = seen.join("\n");
  expect(all).toContain("<img src=x onerror=alert(1)>");
  expect(all).toContain("<script>alert(1)</script>");
  expect(all).toContain("https://example.org/path?x=1");
  // Raw direction and zero-width marks are boxed by name; controls arrive escaped, because they crossed as JSON.
  expect(all).toContain("U+202E");
  expect(all).toContain("U+200B");
  expect(all).toContain("\\u001b[31mred");
  expect(all).not.toContain("\u202e");
  expect(all).not.toContain("\u2066");
});

test("a card that is no card is refused in sentences, and its text is shown as text", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/transfer/peers/add");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("card", { exact: true }).fill("<img src=x onerror=alert(1)>");
  await dialog.getByRole("button", { name: "Add as pending" }).click();
  const alert = dialog.getByRole("alert");
  await expect(alert.getByRole("heading", { name: "Adding the card did not succeed." })).toBeVisible();
  for (const part of ["why", "what is safe", "what to do"])
    await expect(alert.getByText(part, { exact: true })).toBeVisible();
  await expect(alert.locator("img")).toHaveCount(0);
});
