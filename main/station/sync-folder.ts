import { closeSync, fsyncSync, openSync } from "node:fs";

/** Makes the names in a folder durable, at once. Windows has no such call and syncs names by itself. */
export function syncFolderNow(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
