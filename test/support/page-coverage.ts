import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";

/**
 * Begins to note which code of the renderer a page runs, where `npm test` asked for it; call what it returns before the
 * page closes. Elsewhere both do nothing.
 */
export async function startPageCoverage(page: Page): Promise<() => Promise<void>> {
  const folder = process.env["SALLYPORT_COVERAGE"];
  if (folder === undefined) return async () => {};
  await page.coverage.startJSCoverage({ resetOnNavigation: false });
  return async () => {
    const result = await page.coverage.stopJSCoverage();
    const pages = join(folder, "pages");
    mkdirSync(pages, { recursive: true });
    const scripts = result.map(({ url, functions }) => ({ url, functions }));
    writeFileSync(
      join(pages, `${process.pid}-${performance.now()}.json`),
      JSON.stringify({ result: scripts }),
    );
  };
}
