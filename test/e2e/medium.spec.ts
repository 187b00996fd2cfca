import { makeLoopMedium, whyNoLoop } from "../../main/areas/media/test-loop.ts";
import { chooseFolder, expect, goTo, test } from "./console.ts";

test.describe.configure({ timeout: 180_000 });

const missing = whyNoLoop();

test("a medium of its own is read back after a fresh mount, and only then it says Safe to carry", async ({
  low,
}) => {
  test.skip(missing !== null, missing ?? "");
  const medium = makeLoopMedium(32);
  try {
    const page = await low.enter();
    await goTo(page, "/requests/new");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("user", { exact: true }).fill("carol");
    await dialog.getByLabel("bodies").fill('{"carry":"this"}');
    await dialog.getByRole("button", { name: "Submit", exact: true }).click();
    await expect(dialog.getByText("1 submitted.")).toBeVisible();
    await dialog.getByRole("button", { name: "Close", exact: true }).click();

    await goTo(page, "/transfer");
    await chooseFolder(page, medium.path);
    await page.getByRole("button", { name: /Seal and write for high/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Seal and write", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Safe to carry", exact: true })).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByRole("list", { name: "Steps of this crossing" }).getByText("proved")).toHaveCount(
      1,
    );
    await expect(page.getByRole("cell", { name: "read back, matches" }).first()).toBeVisible();
    await goTo(page, "/");
    await goTo(page, "/transfer");
    // Leaving the page loses nothing: the sentence stays until somebody goes on.
    await expect(page.getByRole("heading", { name: "Safe to carry", exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Done: back to the gate" }).click();
    await expect(page.getByRole("heading", { name: /^Both doors are shut/ })).toBeVisible();
  } finally {
    medium.remove();
  }
});
