import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./paths.ts";

const house = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-house-")));
afterAll(() => rmSync(house, { recursive: true }));

/** A file of a room and the import in question. */
type Case = readonly [file: string, imported: string];

const forbidden: readonly Case[] = [
  ["shared/a.ts", "node:fs"],
  ["shared/a.ts", "../main/station/station.ts"],
  ["shared/contract/a.ts", "../../renderer/rpc.ts"],
  ["shared/a.ts", "better-sqlite3"],
  ["renderer/a.tsx", "node:path"],
  ["renderer/a.tsx", "electron"],
  ["renderer/a.tsx", "../main/station/station.ts"],
  ["renderer/pages/audit/a.tsx", "../../../main/areas/audit/service.ts"],
  ["renderer/a.tsx", "../preload/preload.ts"],
  ["preload/a.ts", "node:fs"],
  ["preload/a.ts", "../main/electron/window.ts"],
  ["main/a.ts", "electron"],
  ["main/cli/a.ts", "electron-store"],
  ["main/cli/a.ts", "../electron/window.ts"],
  ["main/cli/a.ts", "../areas/audit/service.ts"],
  ["main/serve/a.ts", "better-sqlite3"],
  ["main/serve/a.ts", "node:crypto"],
  ["main/electron/a.ts", "../areas/audit/service.ts"],
  ["main/electron/a.ts", "node:crypto"],
  ["main/station/a.ts", "../serve/server.ts"],
  ["main/station/a.ts", "../cli/main.ts"],
  ["main/station/a.ts", "ws"],
  ["main/station/a.ts", "node:sqlite"],
  ["main/station/pipeline/a.ts", "sodium-native"],
  ["main/station/store/a.ts", "../../areas/audit/service.ts"],
  ["main/station/store/a.ts", "node:crypto"],
  ["main/station/crypto/a.ts", "../store/open-store.ts"],
  ["main/areas/audit/a.ts", "../peers/store.ts"],
  ["main/areas/audit/a.ts", "../../station/station.ts"],
  ["main/areas/audit/a.ts", "../../station/worker.ts"],
  ["main/areas/audit/a.ts", "../../serve/server.ts"],
  ["main/areas/audit/a.ts", "better-sqlite3"],
  ["main/areas/transfer/format/a.ts", "node:crypto"],
];

const allowed: readonly Case[] = [
  ["shared/contract/a.ts", "../errors.ts"],
  ["renderer/a.tsx", "../shared/errors.ts"],
  ["preload/a.ts", "electron"],
  ["main/electron/a.ts", "electron"],
  ["main/electron/a.ts", "electron-store"],
  ["main/electron/a.ts", "../station/attach/reach.ts"],
  ["main/cli/a.ts", "../station/attach/reach.ts"],
  ["main/station/a.ts", "../areas/audit/service.ts"],
  ["main/station/store/a.ts", "better-sqlite3"],
  ["main/station/crypto/a.ts", "node:crypto"],
  ["main/station/crypto/a.ts", "sodium-native"],
  ["main/areas/audit/a.ts", "../peers/service.ts"],
  ["main/areas/audit/a.ts", "../transfer/format/card.ts"],
  ["main/areas/audit/a.ts", "../../station/crypto/hash.ts"],
  ["main/areas/audit/a.ts", "../../station/store/store.ts"],
  ["main/areas/audit/a.test.ts", "node:crypto"],
];

function write(file: string, text: string): void {
  mkdirSync(dirname(join(house, file)), { recursive: true });
  writeFileSync(join(house, file), text);
}

describe("who may import whom, by lint", () => {
  /** Each case in a file of its own, so that one run of the linter answers for all. */
  const cases = [...forbidden, ...allowed].map(([file, imported], index) => ({
    room: file,
    imported,
    file: file.replace("/a.", `/case-${index}.`),
    isForbidden: index < forbidden.length,
  }));
  let refused = new Set<string>();

  beforeAll(() => {
    // Without types: that part of the configuration needs the whole project.
    const configuration = readFileSync(join(root, ".oxlintrc.json"), "utf8");
    write(".oxlintrc.json", configuration.replace('"typeAware": true', '"typeAware": false'));
    for (const { file, imported } of cases) {
      write(file, `import * as it from "${imported}";\nexport const its = it;\n`);
    }
    const lint = join(root, "node_modules/.bin/oxlint");
    const { stdout } = spawnSync(process.execPath, [lint, "--format=json"], { cwd: house, encoding: "utf8" });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: readonly { code: string; filename: string }[];
    };
    const imports = diagnostics.filter(({ code }) => code.includes("no-restricted-imports"));
    refused = new Set(imports.map(({ filename }) => filename));
  });

  test.each(cases.filter(({ isForbidden }) => isForbidden))("$room may not import $imported", ({ file }) => {
    expect(refused).toContain(file);
  });

  test.each(cases.filter(({ isForbidden }) => !isForbidden))("$room may import $imported", ({ file }) => {
    expect(refused).not.toContain(file);
  });
});

describe("what a room knows, by types", () => {
  const rooms = ["shared", "main", "main/electron", "preload", "renderer"];
  let output = "";

  beforeAll(() => {
    rmSync(house, { recursive: true });
    for (const room of rooms) {
      mkdirSync(join(house, room), { recursive: true });
      copyFileSync(join(root, room, "tsconfig.json"), join(house, room, "tsconfig.json"));
    }
    copyFileSync(join(root, "tsconfig.base.json"), join(house, "tsconfig.base.json"));
    symlinkSync(join(root, "node_modules"), join(house, "node_modules"));
    write("package.json", '{"type":"module"}');
    write("shared/fine.ts", "export const fine = 1;\n");
    write("shared/node.ts", "export const id = process.pid;\n");
    write("shared/page.ts", "export const title = document.title;\n");
    write(
      "main/fine.ts",
      'import { fine } from "../shared/fine.ts";\nexport const id = process.pid + fine;\n',
    );
    write("main/page.ts", "export const title = document.title;\n");
    write("main/shell.ts", 'import { shell } from "./electron/fine.ts";\nexport const it = shell;\n');
    write("main/choice.ts", "export enum Choice { yes }\n");
    write(
      "main/electron/fine.ts",
      'import type { App } from "electron";\nexport const shell = (app: App) => app.name;\n',
    );
    write("preload/fine.ts", "export const title = document.title;\n");
    write(
      "renderer/fine.tsx",
      'import { fine } from "../shared/fine.ts";\nexport const it = <p>{fine}</p>;\n',
    );
    write("renderer/node.ts", 'import { sep } from "node:path";\nexport const it = sep;\n');
    write("renderer/main.ts", 'import { id } from "../main/fine.ts";\nexport const it = id;\n');
    const references = rooms.map((path) => ({ path }));
    write("tsconfig.json", JSON.stringify({ files: [], references }));
    output = compile();
  });

  const compile = (): string => {
    const compiler = join(root, "node_modules/.bin/tsc");
    return spawnSync(process.execPath, [compiler, "-b"], { cwd: house, encoding: "utf8" }).stdout;
  };

  const strayed = [
    ["shared has no Node", "shared/node.ts"],
    ["shared has no DOM", "shared/page.ts"],
    ["main has no DOM", "main/page.ts"],
    ["main can't see its Electron shell", "main/shell.ts"],
    ["enums, which type stripping can't run, are refused", "main/choice.ts"],
    ["the renderer has no Node", "renderer/node.ts"],
    ["the renderer can't see main", "renderer/main.ts"],
  ] as const;

  test.each(strayed)("%s", (_, file) => {
    expect(output).toContain(`${file}(`);
  });

  test("what keeps to its room is accepted", () => {
    for (const [, file] of strayed) rmSync(join(house, file));
    expect(compile()).toBe("");
  });
});
