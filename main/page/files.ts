import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Refusal } from "../../shared/errors.ts";

/** One file of the built page, in memory. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Every file that the page is made of, by its path in the address: `/index.html`, `/assets/…`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** What the build may contain. Another kind of file stops the start: its type would be a guess. */
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/**
 * Reads the built page once, at the start. Answers come from this map and never from the file system, so that no path, however
 * it is written, leads anywhere else. Throws `not-ready` where the page has not been built.
 */
export function readPageFiles(folder: string = builtPage): PageFiles {
  if (!existsSync(join(folder, "index.html"))) {
    throw new Refusal("not-ready", `The console's page is not built: ${folder} lacks index.html.`, {
      path: folder,
      remedy: "Run: npm run build",
    });
  }
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const type = types[extname(entry.name)];
    if (type === undefined) throw new Error(`${path}: no type is known for this kind of file`);
    files.set(`/${relative(folder, path).replaceAll(sep, "/")}`, { type, bytes: readFileSync(path) });
  }
  return files;
}

// The same from a source (main/page) and from a bundle (dist/chunks): two folders up is the root of both.
const builtPage = fileURLToPath(new URL("../../dist/renderer/", import.meta.url));
