import { join } from "node:path";
import { _electron as electron } from "@playwright/test";
import { root as checkout } from "../../scripts/paths.ts";
import { expect, signIn, test } from "./console.ts";

// Runs in the project `electron` alone, which exists where Electron's binary, a display and an ordinary user do.
test("the window opens on the same console, signs in and keeps to its policy", async ({ pair }) => {
  test.setTimeout(120_000);
  const app = await electron.launch({
    args: [join(checkout, "dist/electron/main.js"), "--station", pair.high.directory],
    env: { ...process.env, SALLYPORT_TEST_FAST_KDF: "1", NODE_ENV: "test" },
  });
  try {
    const page = await app.firstWindow();
    const faults: string[] = [];
    await page.exposeFunction("noteFault", (fault: string) => void faults.push(fault));
    await page.evaluate(() => {
      const note = (globalThis as unknown as { noteFault: (fault: string) => void }).noteFault;
      addEventListener("securitypolicyviolation", (event) => note(event.violatedDirective));
    });
    expect(new URL(page.url()).protocol).toBe("app:");
    await expect(page.getByText("Both doors are shut")).toBeVisible();
    await signIn(page, "correct horse battery staple");
    await expect(page.getByRole("heading", { level: 1, name: "Watch" })).toBeVisible();
    await page.keyboard.press("Control+l");
    await expect(page.getByText("Both doors are shut")).toBeVisible();
    expect(faults).toEqual([]);
  } finally {
    await app.close();
  }
});
