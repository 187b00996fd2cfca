import { chooseFolder, expect, goTo, test } from "./console.ts";

test.describe.configure({ mode: "serial", timeout: 240_000 });

test("a request crosses, is answered and comes back, by mouse", async ({ low, high, stick }) => {
  const asking = await low.enter();
  const answering = await high.enter();

  await asking.getByRole("link", { name: /^Requests/ }).click();
  await asking.getByRole("button", { name: "Submit requests" }).click();
  const dialog = asking.getByRole("dialog");
  await dialog.getByLabel("user", { exact: true }).fill("alice");
  await dialog.getByLabel("bodies").fill('{"door": 1.0000000000000000001}\n["second"]');
  await dialog.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(dialog.getByText("2 submitted.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close", exact: true }).click();
  await expect(asking.getByRole("row", { name: /to be sealed/ })).toHaveCount(2);

  await asking.getByRole("link", { name: /^Transfer/ }).click();
  await chooseFolder(asking, stick);
  await asking.getByRole("button", { name: /Seal and write for high/ }).click();
  const question = asking.getByRole("dialog");
  await expect(question.getByText("Seal what waits and write it for high?")).toBeVisible();
  await question.getByRole("button", { name: "Seal and write", exact: true }).click();
  // A folder on the station's own disk is no medium, and the sentence must not say otherwise.
  await expect(asking.getByRole("heading", { name: /Written, not proved/ })).toBeVisible({ timeout: 60_000 });
  await asking.getByRole("button", { name: "Done: back to the gate" }).click();
  await expect(
    asking.getByRole("table", { name: "Crossings" }).getByRole("row", { name: /export/ }),
  ).toHaveCount(1);
  await expect(asking.getByText("Safe to carry", { exact: true })).toHaveCount(0);

  await answering.getByRole("link", { name: /^Transfer/ }).click();
  await answering.getByRole("link", { name: "Inbox" }).click();
  await chooseFolder(answering, stick);
  await expect(answering.getByText("1 of 1 bags can be imported.")).toBeVisible();
  await answering.getByRole("button", { name: "Import", exact: true }).click();
  await answering.getByRole("dialog").getByRole("button", { name: "Import", exact: true }).click();
  await expect(answering.getByRole("heading", { name: "Imported", exact: true })).toBeVisible({
    timeout: 60_000,
  });
  await answering.getByRole("button", { name: "Done: back to the gate" }).click();

  await answering.getByRole("link", { name: /^Requests/ }).click();
  await answering.getByRole("button", { name: "Answer what waits" }).click();
  await expect(answering.getByText("2 answered, 0 answered with an error.")).toBeVisible();

  await answering.getByRole("link", { name: /^Transfer/ }).click();
  await answering.getByRole("button", { name: /Seal and write for low/ }).click();
  await answering.getByRole("dialog").getByRole("button", { name: "Seal and write", exact: true }).click();
  await expect(answering.getByRole("heading", { name: /Written, not proved/ })).toBeVisible({
    timeout: 60_000,
  });

  await asking.getByRole("link", { name: "Inbox" }).click();
  await expect(asking.getByText("1 of 2 bags can be imported.")).toBeVisible();
  await asking.getByRole("button", { name: "Import", exact: true }).click();
  await asking.getByRole("dialog").getByRole("button", { name: "Import", exact: true }).click();
  await expect(asking.getByRole("heading", { name: "Imported", exact: true })).toBeVisible({
    timeout: 60_000,
  });

  await goTo(asking, "/requests/answered");
  await expect(asking.getByRole("row", { name: /answered/ })).toHaveCount(2);
  await asking
    .getByRole("row", { name: /answered/ })
    .last()
    .click();
  const detail = asking.getByRole("complementary", { name: /^Request / });
  await expect(detail.getByText("answer here")).toBeVisible();
  await detail.getByRole("radio", { name: "exact" }).first().check({ force: true });
  // Byte for byte: not a digit is lost on four crossings of a wall.
  await expect(
    detail.getByRole("region", { name: "Response" }).getByText("1.0000000000000000001"),
  ).toBeVisible();
});

test("the ledger, the outbox and the log tell the same story afterwards", async ({ low }) => {
  const page = await low.enter();
  await goTo(page, "/transfer/ledger");
  await page
    .getByRole("row", { name: /imported/ })
    .last()
    .click();
  await expect(page.getByRole("complementary", { name: "Batch 1" })).toContainText("sha256sum -c");
  await goTo(page, "/transfer/outbox");
  await expect(page.getByText("missing from this peer")).toBeVisible();
  await goTo(page, "/audit/verify");
  await expect(page.getByText(/^The log is whole: /)).toBeVisible({ timeout: 30_000 });
  await page
    .getByRole("row", { name: /batch-imported/ })
    .first()
    .click();
  await expect(page.getByRole("complementary", { name: /^Event / })).toContainText("sallyport-event@v1");
});
