import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { build } from "vite";
import { filesBeside } from "./files-beside.ts";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-beside-")));
  write("package.json", '{"type":"module"}');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function bundle(): Promise<void> {
  await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    plugins: [filesBeside(join(folder, "main"))],
    build: {
      ssr: true,
      emitAssets: true,
      outDir: join(folder, "dist"),
      rolldownOptions: {
        input: { "cli/main": join(folder, "main/cli/main.ts") },
        output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
      },
    },
  });
}

const run = (file: string): string =>
  execFileSync(process.execPath, [join(folder, file)], { encoding: "utf8" });

describe("files beside a source", () => {
  test("a worker and a folder of SQL are found from the bundle as they were from the source", async () => {
    write("main/store/migrations/0001-first.sql", "select 1;");
    write(
      "main/store/worker.ts",
      'import { readdirSync } from "node:fs";\nconsole.log(readdirSync(new URL("./migrations/", import.meta.url)).join());',
    );
    write(
      "main/cli/main.ts",
      '// Not this one: new URL("./nowhere.ts", import.meta.url)\nimport { Worker } from "node:worker_threads";\nnew Worker(new URL("../store/worker.ts", import.meta.url));',
    );
    await bundle();
    expect(run("main/cli/main.ts")).toBe("0001-first.sql\n");
    expect(run("dist/cli/main.js")).toBe("0001-first.sql\n");
  });

  test("import.meta.dirname, which would point elsewhere, fails the build", async () => {
    write("main/cli/main.ts", "console.log(import.meta.dirname);");
    await expect(bundle()).rejects.toThrow("import.meta.dirname");
  });
});
