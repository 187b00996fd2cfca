import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";

/**
 * Whether the block device below a folder is encrypted by dm-crypt, as the kernel says; null where that
 * cannot be told (another system, a network or memory file system, hardware that encrypts by itself).
 */
export function diskEncrypted(folder: string): boolean | null {
  if (process.platform !== "linux") return null;
  const device = statSync(folder).dev;
  // Linux makedev: 12 bits of major and 20 of minor in the low 32 bits.
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  const block = `/sys/dev/block/${major}:${minor}`;
  return existsSync(block) ? isCrypt(block) : null;
}

/** A device is encrypted when it, or every device below it, is a dm-crypt mapping. */
function isCrypt(block: string): boolean {
  const uuid = `${block}/dm/uuid`;
  if (existsSync(uuid) && readFileSync(uuid, "utf8").startsWith("CRYPT-")) return true;
  const slaves = `${block}/slaves`;
  const below = existsSync(slaves) ? readdirSync(slaves) : [];
  return below.length > 0 && below.every((name) => isCrypt(`${slaves}/${name}`));
}
